# SPDX-License-Identifier: Apache-2.0
"""A whole ``bilat update``, with the editions that come with the package in place, over every publisher's chain."""

import csv
import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from publishers import ANSWERS
from recorded import Internet, serving

from bilat.catalog import sources
from bilat.holdings import Store, embedded_folder, request_log

NEW = 300  #: parties that were added since
NUMBERS = range(900_000, 900_000 + NEW)


#: Kinds of numbers -> how OFAC writes them in its remarks.
LABELS = {
    "inn": "Tax ID No. {} (Russia)",
    "ogrn": "Registration ID {} (Russia)",
    "national": "National ID No. {}",
    "passport": "Passport {}",
    "registration": "Registration Number {}",
    "tax": "Tax ID No. {}",
    "imo": "Vessel Registration Identification IMO {}",
    "swift": "SWIFT/BIC {}",
}
KINDS = {"Person": "individual", "Vessel": "vessel", "Airplane": "aircraft"}
Cells = dict[str, Any]


def rows_of(source: str, table: str, series: str, *, is_full: bool) -> list[Cells]:
    """The rows with the package of the youngest edition of a table, or of the youngest full one."""
    partial = {f.sha256 for f in sources()[source].files if f.partial}
    parts = [
        p
        for p in Store(embedded_folder()).parts(verify=False)
        if (p.source, p.table, p.series) == (source, table, f"{source}/{series}")
        and not (is_full and p.snapshot in partial)
    ]
    part = max(parts, key=lambda p: (p.content, p.vintage))
    return pq.read_table(part.path).to_pylist()  # type: ignore[no-any-return]


def quoted(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue().encode() + b"\x1a"


def remarks(party: Cells, names: list[str], ties: list[str]) -> str:
    """What stands in OFAC's remarks of a party."""
    said = [f"DOB {party['born']}"] if party.get("born") else []
    said += [f"nationality {c}" for c in (party.get("countries") or "").split(";") if c]
    for number in (party.get("identifiers") or "").split(";"):
        kind, _, value = number.partition(":")
        if kind in LABELS:
            said.append(LABELS[kind].format(value))
    said += [f"a.k.a. '{n}'" for n in names]
    said += [f"Linked To: {t}" for t in ties]
    return "; ".join(said) + "." if said else "-0- "


def ofac(source: str, series: str, code: str) -> bytes:
    """OFAC's list of today: everybody on the youngest edition with the package, and some new parties."""
    full = {p["party"]: p for p in rows_of(source, "parties", series, is_full=True)}
    of: dict[str, dict[str, list[str]]] = {}
    for table, column in (("names", "name"), ("links", "other"), ("listings", "programme")):
        for r in rows_of(source, table, series, is_full=True):
            of.setdefault(table, {}).setdefault(r["party"], []).append(r[column] or code)
    blank = ["-0- "] * 7
    made = []
    for young in rows_of(source, "parties", series, is_full=False):
        key = young["party"]
        party = full.get(key, young)
        programmes = "] [".join(of["listings"].get(key, [code]))
        said = remarks(party, of["names"].get(key, []), of["links"].get(key, []))
        kind = KINDS.get(party["schema"], "-0- ")
        made.append([key.removeprefix("ofac-"), party["name"], kind, programmes, *blank, said])
    made += [[str(n), f"NEW TRADING {n}", "-0- ", code, *blank, "-0- "] for n in NUMBERS]
    return quoted(made)


def of_today(net: Internet) -> None:
    """Let every publisher send its newest file."""
    for name in ANSWERS:
        net.files |= ANSWERS[name]("2026-11-28", 0, 2)
    net.files["SDN.CSV"] = ofac("ofac_sdn", "sdn", "RUSSIA-EO14024")
    net.files["CONS_PRIM.CSV"] = ofac("ofac_consolidated", "", "UKRAINE-EO13662")


@pytest.fixture(scope="module")
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Internet, int, Path]]:
    with serving(tmp_path_factory.mktemp("keys")) as found:
        of_today(found[0])
        yield found


def bilat(
    internet: tuple[Internet, int, Path], home: Path, *args: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with this internet and this home."""
    net, port, authority = internet
    env = {
        **os.environ,
        "SSL_CERT_FILE": str(authority),
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "BILAT_CACHE": str(home / "cache"),
    }
    env.pop("BILAT_HOLDINGS", None)
    line = [sys.executable, str(Path(__file__).with_name("whole_update.py"))]
    line += [json.dumps(net.addresses), str(port), *args]
    return subprocess.run(line, capture_output=True, text=True, env=env, check=False, timeout=600)


def test_a_whole_update_goes_on_beside_what_is_refused_and_takes_in_ofacs_list_of_today(
    internet: tuple[Internet, int, Path], tmp_path: Path
) -> None:
    """OFAC's and the small lists are whole; those of the others are cut to two entries, and are refused one by one."""
    done = bilat(internet, tmp_path, "update", "--json")
    assert "Traceback" not in done.stderr, done.stderr
    answer = json.loads(done.stdout)
    found = {d["path"]: d for d in answer["data"]}
    every = {c.path for s in sources().values() for c in s.current}
    assert set(found) == every, "each address of the catalog was asked"
    for path in ("parties/ofac/sdn.csv", "parties/ofac/cons_prim_now.csv"):
        assert found[path]["status"] == "added", found[path]["why"]
        assert any(f"{NEW} new" in line or "new" in line for line in found[path]["changes"])
    cut = found["parties/un/consolidated_now.xml"]
    assert cut["status"] == "refused"
    assert done.returncode == 1
    store = Store(tmp_path / "data" / "bilat" / "holdings")
    assert {e["path"] for e in store.entries()} >= {"parties/ofac/sdn.csv"}
    assert store.check() == []
    logged = {r["path"]: r["answer"] for r in request_log.read(store.root)}
    assert set(logged) == every

    screened = bilat(
        internet, tmp_path, "screen", f"NEW TRADING {NUMBERS[7]}", "--lists", "ofac_sdn", "--why"
    )
    assert f"NEW TRADING {NUMBERS[7]}" in screened.stdout
    today = dt.date.today().isoformat()
    assert f"checked {today}: new" in " ".join(screened.stdout.split())
    strict = bilat(
        internet, tmp_path, "screen", "VTB Bank", "--lists", "ofac_sdn", "--max-age", "1"
    )
    assert strict.returncode == 0, strict.stderr
