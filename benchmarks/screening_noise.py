# SPDX-License-Identifier: Apache-2.0
"""A consignment workbook with many kinds of noise: what noise in the name field costs, by ``bilat screen`` itself.

Run: ``python benchmarks/screening_noise.py --mirror DIR --firms FILE [--each 60] [--sets marks,freight]``. Real names
of other lists (the held-out half, not verbatim) are written into an Excel workbook bare and with each kind of noise;
the workbook is screened against OFAC's lists as an officer would, and a name is detected when its right party comes out
(``possible``), or in the band likely or match. Clean people and firms, bare and noisy, count false alerts.

Sets of noise, 24 kinds for firms and 12 for persons each but the first, written without sight of the program:

* ``marks`` (below): numbers, telephone, C/O and other obvious kinds, mended for long ago;
* ``freight``: the costs of words left out were chosen on it and the probability of names in noisy fields is fitted on
  it (``fit_chance.py``), with other names than those measured here;
* ``payments``: its failures were read while the code was made;
* ``office``: nothing that stands was made with it. It was run when the code of fields stood, and again after later
  changes of other parts; a reading of names cut off at 35 characters was tried because of it, and dropped.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import noise_freight
import noise_office
import noise_payments
from fit_screening import clean_people, companies, half, read_benchmark, real_queries
from openpyxl import Workbook

from bilat.parties.run.screen import screen

SEED = 23
Noise = Callable[[str, random.Random], str]


def _digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(n))


def inn(rng: random.Random) -> str:
    """Ten digits whose last one is the check digit of a tax number."""
    nine = [rng.randrange(1, 10), *(rng.randrange(10) for _ in range(8))]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return "".join(map(str, nine)) + str(sum(a * b for a, b in zip(nine, weights, strict=True)) % 11 % 10)


KINDS: dict[str, Noise] = {
    "tax number before": lambda x, r: f"ИНН {inn(r)} {x}",
    "tax number after": lambda x, r: f"{x} (VAT NO. {_digits(r, 9)})",
    "telephone": lambda x, r: f"{x} TEL +{_digits(r, 1)} ({_digits(r, 3)}) {_digits(r, 3)}-{_digits(r, 4)}",
    "c/o an agent": lambda x, r: f"{x} C/O DHL GLOBAL FORWARDING",
    "an agent c/o": lambda x, r: f"NORDIC FREIGHT SERVICES LTD C/O {x}",
    "trading as": lambda x, r: f"Mercator Supply FZE t/a {x}",
    "street and town": lambda x, r: f"{x}, ul. Tverskaya {r.randrange(1, 90)}, Moscow {_digits(r, 6)}, Russia",
    "attention": lambda x, r: f"ATTN: MR. PETROV, {x}, PURCHASING DEPT",
    "e-mail": lambda x, r: f"{x} info{_digits(r, 3)}@mail.example",
    "branch in brackets": lambda x, r: f"{x} (филиал в г. Самара)",
    "consignee": lambda x, r: f"Consignee: {x}; notify party: same",
    "upper case, no hyphens": lambda x, r: x.upper().replace("-", " "),
    "quoted twice": lambda x, r: f"«{x}»".replace(" ", "  "),
    "order number": lambda x, r: f"{x} / PO {_digits(r, 7)}",
}  # fmt: skip
PERSON_KINDS: dict[str, Noise] = {
    "title": lambda x, r: f"Mr. {x}",
    "birth date": lambda x, r: (
        f"{x} DOB {r.randrange(1, 28):02}.{r.randrange(1, 12):02}.19{r.randrange(50, 90)}"
    ),
    "passport": lambda x, r: f"{x}, passport No {_digits(r, 9)}",
    "telephone": KINDS["telephone"],
}


Kinds = dict[str, Noise]
#: Name of the set -> (kinds for firms, for persons).
SETS: dict[str, tuple[Kinds, Kinds]] = {
    "marks": (KINDS, PERSON_KINDS),
    "freight": (noise_freight.FIRM_KINDS, noise_freight.PERSON_KINDS),
    "payments": (noise_payments.FIRM_KINDS, noise_payments.PERSON_KINDS),
    "office": (noise_office.FIRM_KINDS, noise_office.PERSON_KINDS),
}
#: Bands that count as found, by what they are called.
FOUND = {"possible": ("match", "likely", "possible", "unlikely"), "likely": ("match", "likely")}


def workbook(
    path: Path, names: list[dict], clean: list[dict], kinds: tuple[Kinds, Kinds], rng: random.Random
) -> dict[str, tuple[str, int]]:
    """Write the consignment file; row id -> (kind, number of the name; -1 for a clean one)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Shipment", "Consignee"])
    told: dict[str, tuple[str, int]] = {}

    def add(kind: str, n: int, text: str) -> None:
        key = f"S{len(told)}"
        told[key] = (kind, n)
        sheet.append([key, text])

    for n, q in enumerate(names):
        add("bare", n, q["q"])
        for kind, noise in kinds[q["schema"] == "Person"].items():
            add(kind, n, noise(q["q"], rng))
    for q in clean:
        what = "person" if q["schema"] == "Person" else "firm"
        of = kinds[q["schema"] == "Person"]
        add(f"clean {what}, bare", -1, q["q"])
        add(f"clean {what}, noisy", -1, of[rng.choice(sorted(of))](q["q"], rng))
    book.save(path)
    return told


def measure(name: str, names: list[dict], clean: list[dict]) -> dict:
    """Figures of one set of noise."""
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "consignments.xlsx"
        told = workbook(path, names, clean, SETS[name], rng)
        rows: list[dict] = []
        screen(
            path,
            lists=["ofac"],
            columns={"query_id": "Shipment", "name": "Consignee"},
            top=10,
            emit=rows.append,
        )
    out: dict = {"set": name, "rows": len(told), "kinds": {}}
    for band, bands in FOUND.items():
        found: dict[str, set[int]] = {}
        alerts: dict[str, set[str]] = {}
        for row in rows:
            kind, n = told[row["query_id"]]
            if row["band"] not in bands:
                continue
            if n < 0:
                alerts.setdefault(kind, set()).add(row["query_id"])
            elif {row["party"], *(x["party"] for x in row["listings"])} & set(names[n]["target"]):
                found.setdefault(kind, set()).add(n)
        asked = {
            k: [n for kind, n in told.values() if kind == k]
            for k in dict.fromkeys(k for k, _ in told.values())
        }
        noisy = [k for k in asked if k != "bare" and not k.startswith("clean")]
        for kind in noisy:
            of = out["kinds"].setdefault(kind, {"names": len(asked[kind])})
            of[f"bare {band}"] = len(found.get("bare", set()) & set(asked[kind]))
            of[f"noisy {band}"] = len(found.get(kind, set()))
        total = sum(len(asked[k]) for k in noisy)
        out[f"bare {band}"] = sum(out["kinds"][k][f"bare {band}"] for k in noisy) / total
        out[f"noisy {band}"] = sum(out["kinds"][k][f"noisy {band}"] for k in noisy) / total
        for kind in (k for k in asked if k.startswith("clean")):
            out[f"{kind}, {band}"] = 1000 * len(alerts.get(kind, ())) / len(asked[kind])
    return out


def noise_figures(mirror: Path, firms: Path | None, each: int, sets: list[str]) -> list[dict]:
    """Figures of each set: shares found, and false alerts in a thousand clean names."""
    rng = random.Random(SEED)
    parties, queries = read_benchmark(mirror)
    real = [q for q in real_queries(queries) if half(q["from_"]) == 1]
    rng.shuffle(real)
    names = [q for q in real if q["schema"] != "Person"][:each]
    names += [q for q in real if q["schema"] == "Person"][:each]
    clean = rng.sample([q for q in clean_people(mirror) if half(q["q"]) == 1], 2000)
    if firms is not None:
        clean += rng.sample([q for q in companies(parties, firms) if half(q["q"]) == 1], 2000)
    return [measure(name, names, clean) for name in sets]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--firms", type=Path, help="names of firms that are not listed")
    parser.add_argument("--each", type=int, default=60, help="names of each kind of party")
    parser.add_argument("--sets", default=",".join(SETS))
    args = parser.parse_args()
    for of in noise_figures(args.mirror, args.firms, args.each, args.sets.split(",")):
        print(f"{of['set']}: {of['rows']:,} rows")
        for kind, f in of["kinds"].items():
            possible, likely = (f"{f[f'bare {b}']:3} bare, {f[f'noisy {b}']:3} with noise" for b in FOUND)
            print(f"   {kind:28} {f['names']:4} names, possible {possible}; likely {likely}")
        print(
            json.dumps({k: v if isinstance(v, str) else round(v, 4) for k, v in of.items() if k != "kinds"})
        )


if __name__ == "__main__":
    main()
