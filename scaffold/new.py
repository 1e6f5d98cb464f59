# SPDX-License-Identifier: Apache-2.0
"""Write the files of a new source, measure or claim, ready to be filled in.

    make new-source  NAME=my_source FILE=path/to/file.csv [TABLE=flows]
    make new-measure NAME=trade.my_measure [TABLE=flows]
    make new-claim   ID=X1 CHAPTER=war MEASURE=trade.exports

Nothing that exists is overwritten. What is written runs, and fails its test until the marked places are filled in.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import hashlib
import io
import re
import sys
from pathlib import Path

from bilat.catalog import tables
from bilat.errors import UsageError
from bilat.measures import Measurement, ask_for
from bilat.subject import is_about
from bilat.verdicts import CHAPTERS
from bilat.verdicts.claim_tests import Test
from bilat.verdicts.ledger import ledger
from bilat.verdicts.pairs import THESE
from bilat.verdicts.subjects import subject_of

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "bilat"
LICENCE = "# SPDX-License-Identifier: Apache-2.0\n"
FILL = "FILL IN"
#: Rows of the sample that comes with a source.
SAMPLE = 5


def _stop(why: str) -> None:
    sys.exit(f"new: {why}")


def _write(path: Path, text: str) -> None:
    if path.exists():
        _stop(f"{path.relative_to(ROOT)} exists; choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


def _cell_type(values: list[str]) -> str:
    """The cell type that every value has, as ``[read]`` names it."""
    filled = [v for v in values if v.strip()]
    for name, pattern in (
        ("year", r"(18|19|20)\d\d"),
        ("month", r"\d{4}-\d{2}"),
        ("day", r"\d{4}-\d{2}-\d{2}"),
        ("number", r"-?\d+(\.\d+)?([eE][+-]?\d+)?"),
    ):
        if filled and all(re.fullmatch(pattern, v.strip()) for v in filled):
            return name
    return "text"


def source(name: str, file: Path, table: str) -> None:
    """The TOML of a source whose file is a table of text, and its test."""
    if not re.fullmatch(r"[a-z][a-z0-9_]+", name):
        _stop(f"NAME={name!r}: write lower-case letters, digits and underscores")
    if table not in tables():
        _stop(
            f"TABLE={table!r} is not a table; there are {', '.join(tables())} (src/bilat/catalog/tables.toml)"
        )
    if not file.is_file():
        _stop(f"FILE={str(file)!r}: no such file")
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8")), strict=True))
    if len(rows) < 2:
        _stop(f"{file}: no row below the header; write the source by hand (docs: CONTRIBUTING.md)")
    header = rows[0]
    body = rows[1:]
    types = {h: _cell_type([r[i] for r in body[:500] if i < len(r)]) for i, h in enumerate(header)}
    columns = "\n".join(
        f'{c.name} = "{c.name if c.name in header else FILL}:{"party" if c.code else types.get(c.name, "text")}!"'
        for c in tables()[table].columns
        if c.name in header or c.name in ("period", "value")
    )
    theirs = "\n".join(f"#   {h}: {t}" for h, t in types.items())
    _write(
        SRC / "catalog" / "sources" / f"{name}.toml",
        f'''title = "{FILL}: what the file holds, in one line"
producer = "{FILL}: who publishes it"
citation = "{FILL}"
licence = "{FILL}"
url = "https://{FILL}"
cadence = "yearly"
grade = "B2"
grade_why = "{FILL}: why this grade (Admiralty scale)"
tables = ["{table}"]
lag_days = 90
lag_why = "{FILL}: how long after a period its figure is public, and where that is said"
traps = "{FILL}: what misleads in this file"
embed = "none"
embed_why = "{FILL}: why its rows are, or are not, in the package"

# The file's columns, and what their cells look like:
{theirs}
[read]
table = "{table}"
header = {header!r}
fixed = {{ kind = "reported" }}
[read.columns]
{columns}

[keys]
{table} = ["period"]

[[files]]
path = "{file.name}"
sha256 = "{hashlib.sha256(file.read_bytes()).hexdigest()}"
vintage = {dt.date.fromtimestamp(file.stat().st_mtime)}
vintage_basis = "{FILL}: the edition's date, and where it is said"
min_rows = {max(1, int(len(body) * 0.99))}
''',
    )
    _write(
        ROOT / "tests" / "catalog" / f"test_{name}.py",
        LICENCE
        + f'''"""The source {name}: its catalog entry is filled in, and a file of its form is read."""

from sample_files import sample

from bilat.catalog import read, source


def test_the_entry_is_filled_in() -> None:
    entry = source("{name}")
    assert "{FILL}" not in entry.model_dump_json()


def test_a_file_of_its_form_is_read() -> None:
    """{FILL}: a figure of the sample, and the row that it becomes."""
    entry = source("{name}")
    case = sample(entry, entry.files[0])
    assert case is not None, "run python tests/samples/make.py"
    ((table, rows),) = read(entry, case.file, case.path)
    assert (table, rows.num_rows) == ("{table}", {len(body[:SAMPLE])})
    assert rows.to_pylist()[0] == {{}}, "{FILL}: compare with a row of the publisher's file"
''',
    )
    _sample(name, file, rows[: SAMPLE + 1])
    print(
        f"next: fill in the marked places, then: python tests/samples/make.py; bilat sources pull {name} "
        f"--mirror {file.parent}; python docs/make.py"
    )


def _sample(name: str, file: Path, rows: list[list[str]]) -> None:
    """A module that makes the sample: the file's header, and rows of its form with other figures."""
    made = "".join(
        f"            {tuple(_made_up(v, n) if n else v for v in row)!r},\n"
        for n, row in enumerate(rows)
    )
    _write(
        ROOT / "tests" / "samples" / f"sample_{name}.py",
        LICENCE
        + f'''"""A made-up file of the source {name}, in its publisher's form."""

import random

from sample_writing import lines, sample


@sample("{name}", "{file.name}")
def made(random: random.Random) -> bytes:
    return lines(
        [
{made}        ]
    ).encode()
''',
    )


def _made_up(value: str, n: int) -> str:
    """A value of the same form: numbers become others, words stay."""
    return str(n * 11) if re.fullmatch(r"-?\d+(\.\d+)?", value) and len(value) != 4 else value


def measure(name: str, table: str) -> None:
    """A module with one measure over one table, and its test."""
    room, _, thing = name.partition(".")
    if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name) or not (SRC / room / "__init__.py").is_file():
        _stop(f"NAME={name!r}: write ROOM.THING, with a room of layer 4 (house.toml)")
    if table not in tables():
        _stop(
            f"TABLE={table!r} is not a table; there are {', '.join(tables())} (src/bilat/catalog/tables.toml)"
        )
    _write(
        SRC / room / f"{thing}.py",
        LICENCE + _measure_text(name, thing, table),
    )
    _write(
        ROOT / "tests" / room / f"test_{room}_{thing}.py",
        LICENCE
        + f'''"""{name}: what is known of it, as facts."""

from bilat import ask
from bilat.measures import measures


def test_the_declaration_is_filled_in() -> None:
    m = measures()["{name}"]
    assert "{FILL}" not in " ".join((m.title, m.method, m.reference, m.groups))


def test_a_figure_that_somebody_else_has_published() -> None:
    """{FILL}: a published figure with its page, and the point that must equal it."""
    points = {{(p.group, p.period): p.value for p in ask("{name}", ("RUS", "CHN"), as_of="2023-03-20").points}}
    assert points == {{}}, "{FILL}: compare with a published figure"
''',
    )
    _register(SRC / room / "register.toml", name, thing)
    print(
        "next: fill in the marked places, then: python docs/make.py; python tests/record/make.py; make test"
    )


#: How a measure over a table is about somebody, by how many of the table's columns contain states:
#: imports, declaration, groups, condition, values, how the answer names its states.
_ABOUT = {
    2: ("Pair", "Pair", "{0} || '>' || {1}", "{0} IN (?, ?) AND {1} IN (?, ?)", 2, ""),
    1: ("states", "states()", "{0}", "{0} IN (?, ?)", 1, '.about(*rows["{0}"].to_pylist())'),
    0: ("World", "World", "'all'", "TRUE", 0, ""),
}


def _measure_text(name: str, thing: str, table: str) -> str:
    """The module of a measure that is about the pair that is asked, as far as its table tells."""
    columns = [c.name for c in tables()[table].columns if c.code][:2]
    imported, of, group, where, times, about = _ABOUT[len(columns)]
    group = group.format(*columns)
    where = where.format(*columns)
    values = "\n        *ask.dyad," * times
    groups = {2: "``RUS>CHN``, one each way between the two states", 1: "the states of the pair"}
    told = groups.get(len(columns), "``all``")
    names = sorted(["Answer", "Ask", imported, "Years", "measure"])
    return f'''"""{FILL}: what the measure tells, in one line."""

from __future__ import annotations

from bilat.measures import {", ".join(names)}
from bilat.units import count


@measure(
    "{name}",
    of={of},  # whom the figures are about: titles, citations and commands say so
    title="{FILL}: the measure's name on a page",
    unit=count("rows"),
    tables=("{table}",),
    reference="{FILL}: the method's source",
    method="{FILL}: how it is made, in a sentence or two.",
)
def {thing}(ask: Ask, years: Years = Years()) -> Answer:
    """Groups: {told}; a point a year.

    years: the years shown; blank: all
    """
    rows = ask.rows(
        f"SELECT *, substr(period, 1, 4) AS point, {group} AS grp "
        f"FROM {table} WHERE {where} "
        f"AND {{years.sql()}} ORDER BY period, locator",{values}
    )
    if not rows.num_rows:
        return ask.answer().missing(f"no row was public on {{ask.as_of}}")
    out = ask.answer(){about.format(*columns)}
    out.each(rows, "count(*)")
    return out
'''


def _register(path: Path, name: str, module: str) -> None:
    """Add a measure to the register of its room, under [measures]."""
    text = path.read_text("utf-8") if path.exists() else "[measures]\n"
    if "[measures]\n" not in text:
        text += "\n[measures]\n"
    entry = f'[measures]\n"{name}" = "{module}"\n'
    path.write_text(text.replace("[measures]\n", entry, 1), "utf-8")
    print(f"wrote {name} in {path.relative_to(ROOT)}")


def claim(number: str, chapter: str, name: str) -> None:
    """An entry at the end of a chapter of the ledger."""
    if chapter not in CHAPTERS:
        _stop(f"CHAPTER={chapter!r} is not a chapter; there are {', '.join(CHAPTERS)}")
    if number in {c.id for c in ledger()}:
        _stop(f"ID={number} is taken")
    try:
        measured = ask_for(name, THESE)
        subject = subject_of(Test(measure=name, form="level", supported=1.0), THESE)
    except UsageError as e:
        _stop(f"MEASURE={name!r}: {e}")
    group = _group(measured)
    about = "" if is_about(subject, THESE) else f'of = "{subject}"  # whom the figure is about\n'
    path = SRC / "verdicts" / "ledger" / f"{chapter}.toml"
    path.write_text(
        path.read_text("utf-8").rstrip()
        + f'''

[[claim]]
id = "{number}"
section = "{FILL}: section of the paper"
claim = "{FILL}: the assertion, paraphrased, with {{A}} and {{B}} for the states"
why = "{FILL}: why this test decides it, without a number"
needs = "{FILL}: what would tell where it is not known"
limits = "{FILL}: what the figure cannot show"
[[claim.tests]]
what = "{FILL}: which quantity, in {measured.unit}"
measure = "{name}"
{about}form = "level"          # level, change or gap (see the entries beside it)
group = "{group}"       # one of the groups that `bilat ask {name}` prints
statistic = "mean"
window = ["2022", "now"]
supported = 1.0         # fixed before the figure is seen; if not, say so in set_after
partly = 0.5
say = "{FILL}: the sentence: who, whom, {{value:.2f}}, its unit and {{period}}"
[[claim.rivals]]
reading = "{FILL}: another reading of the same figure"
untested = "{FILL}: what it would take to test it"
''',
        "utf-8",
    )
    print(f"wrote an entry in {path.relative_to(ROOT)}")
    print(
        f"next: fill in the marked places, then: bilat claims {number}; python docs/make.py; make test"
    )


def _group(measured: Measurement) -> str:
    """The group that a claim is asked of first, in the ledger's words for the two states.

    From the first state of the pair to the second where the measure has such a group.
    """
    groups = measured.groups()
    way = f"{THESE.a}>{THESE.b}"
    first = next((g for g in groups if g.startswith(way)), groups[0] if groups else "")
    return first.replace(THESE.a, "{a}").replace(THESE.b, "{b}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("source")
    one.add_argument("name")
    one.add_argument("file", type=Path)
    one.add_argument("--table", default="flows")
    two = kinds.add_parser("measure")
    two.add_argument("name")
    two.add_argument("--table", default="flows")
    three = kinds.add_parser("claim")
    three.add_argument("id")
    three.add_argument("chapter")
    three.add_argument("measure")
    given = parser.parse_args()
    if given.kind == "source":
        source(given.name, given.file, given.table)
    elif given.kind == "measure":
        measure(given.name, given.table)
    else:
        claim(given.id, given.chapter, given.measure)


if __name__ == "__main__":
    main()
