# SPDX-License-Identifier: Apache-2.0
"""A consignment workbook with many kinds of noise: what noise in the name field costs, by ``bilat screen`` itself.

Run: ``python benchmarks/screening_noise.py --mirror DIR [--each 60] [--out FILE]``. Real names of other lists (the
held-out half, not verbatim) are written into an Excel workbook bare and with each kind of noise; the workbook is
screened against OFAC's lists as an officer would, and a name is detected when its right party comes out. Clean people
with the same noise count the false alerts.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from fit_screening import clean_people, half, read_benchmark, real_queries
from openpyxl import Workbook

from bilat.parties.screen import screen

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


def workbook(
    path: Path, names: list[dict], clean: list[dict], rng: random.Random
) -> dict[str, tuple[str, int]]:
    """Write the consignment file; row id -> (kind, number of the name; -1 for a clean one)."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Shipment", "Consignee"])
    told: dict[str, tuple[str, int]] = {}

    def add(kind: str, n: int, text: str) -> None:
        key = f"S{len(told)}"
        told[key] = (kind, n)
        sheet.append([key, text])

    for n, q in enumerate(names):
        kinds = PERSON_KINDS if q["schema"] == "Person" else KINDS
        add("bare", n, q["q"])
        for kind, noise in kinds.items():
            add(kind, n, noise(q["q"], rng))
    for q in clean:
        kind = rng.choice(sorted(PERSON_KINDS))
        add("clean", -1, PERSON_KINDS[kind](q["q"], rng))
    book.save(path)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--each", type=int, default=60, help="names of each kind of party")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    rng = random.Random(SEED)
    _, queries = read_benchmark(args.mirror)
    real = [q for q in real_queries(queries) if half(q["from_"]) == 1]
    rng.shuffle(real)
    names = [q for q in real if q["schema"] != "Person"][: args.each]
    names += [q for q in real if q["schema"] == "Person"][: args.each]
    people = [q for q in clean_people(args.mirror) if half(q["q"]) == 1]
    clean = rng.sample(people, 500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "consignments.xlsx"
        told = workbook(path, names, clean, rng)
        rows: list[dict] = []
        screen(
            path,
            lists=["ofac"],
            columns={"query_id": "Shipment", "name": "Consignee"},
            top=10,
            emit=rows.append,
        )
    found: dict[str, set[int]] = {}
    alerts: set[str] = set()
    for row in rows:
        kind, n = told[row["query_id"]]
        if n < 0:
            alerts.add(row["query_id"])
        elif row["party"] in names[n]["target"] or set(names[n]["target"]) & {
            x["party"] for x in row["listings"]
        }:
            found.setdefault(kind, set()).add(n)
    out: dict = {"clean": len(clean), "alerts": len(alerts), "kinds": {}}
    for kind in ["bare", *dict.fromkeys([*KINDS, *PERSON_KINDS])]:
        asked = [n for k, n in told.values() if k == kind]
        bare = len(found.get("bare", set()) & set(asked))
        noisy_share = len(found.get(kind, ())) / len(asked)
        out["kinds"][kind] = {"names": len(asked), "bare": bare / len(asked), "noisy": noisy_share}
        lost = sorted(found["bare"] & set(asked) - found.get(kind, set()))
        print(f"{kind:24} {len(asked):4} bare {bare / len(asked):.3f}  with noise {noisy_share:.3f}  lost:",
              [names[n]["q"] for n in lost][:4])  # fmt: skip
    noisy = [v for k, v in out["kinds"].items() if k != "bare"]
    of = sum(v["names"] for v in noisy)
    for key in ("bare", "noisy"):
        out[key] = sum(v[key] * v["names"] for v in noisy) / of
    print(f"all kinds: bare {out['bare']:.3f}, with noise {out['noisy']:.3f}")
    print(f"{len(alerts)} of {len(clean)} clean names alert")
    if args.out:
        args.out.write_text(json.dumps(out, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
