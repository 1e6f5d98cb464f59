# SPDX-License-Identifier: Apache-2.0
"""What the software answers to fixed questions: computed, written down, and compared with what was written.

An answer is one plain mapping::

    {"id": "measure arms.tiv as of 2023-03-20",
     "fields": {"unit": "million TIV", ...},
     "key": ["period", "group"], "columns": ["period", "group", "value", ...],
     "rows": [["1992", "RUS>CHN", 1203.0, ...], ...]}

``key`` names the columns that name a row. Figures are kept to 12 significant digits.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import gzip
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# The only lines that know where a room stands.
from bilat import AsOf, Dyad, Holdings, claims
from bilat.diversion.search import divert
from bilat.document import Frame, Question
from bilat.document.plain import plain
from bilat.forecast.watch_questions import ForecastListQuestion, WatchQuestion
from bilat.measures import ask_for, measures
from bilat.parties.answers.questions import OwnersQuestion
from bilat.parties.answers.screen import screen
from bilat.parties.screening.list_index import list_lines
from bilat.picture.questions import BriefQuestion
from bilat.planning.plans import every_plan
from bilat.verdicts.questions import ProfileQuestion

HERE = Path(__file__).parent
INDEX = HERE / "answers.json"
THEN, NOW = "2023-03-20", "2026-11-24"
PAIR = Dyad("RUS", "CHN")
#: Parts of the record, each in a file of its own: what needs nothing but the checkout, and what needs ``shared``.
PARTS = {"embedded": HERE / "answers_embedded.jsonl.gz", "shared": HERE / "answers_shared.jsonl.gz"}

Answer = dict[str, Any]
#: Sums are made in another order on another machine.
RELATIVE, ABSOLUTE = 1e-9, 1e-12


class _AnyDate(type(datetime.date)):  # type: ignore[misc]
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime.datetime.__mro__[1])


@contextlib.contextmanager
def clock_not_before(day: str) -> Iterator[None]:
    """A date after today is refused as an as-of date: a clock that is behind shows ``day``."""
    real, last = datetime.date, datetime.date.fromisoformat(day)
    if real.today() >= last:
        yield
        return

    class Date(real, metaclass=_AnyDate):
        @classmethod
        def today(cls) -> datetime.date:
            return last

    datetime.date = Date  # type: ignore[misc]
    try:
        yield
    finally:
        datetime.date = real  # type: ignore[misc]


def embedded_holdings() -> Holdings:
    """The holdings that come with the package, whatever else this machine holds."""
    before = os.environ.get("BILAT_HOLDINGS")
    os.environ["BILAT_HOLDINGS"] = str(HERE / "no-such-folder")
    try:
        return Holdings()
    finally:
        if before is None:
            del os.environ["BILAT_HOLDINGS"]
        else:
            os.environ["BILAT_HOLDINGS"] = before


# -- the answers ---------------------------------------------------------------------------------------------


def _answer(
    name: str, fields: dict[str, Any], key: Iterable[str], columns: Iterable[str], rows: Any
) -> Answer:
    plain = _plain({"fields": fields, "rows": [list(r) for r in rows]})
    return {
        "id": name,
        "fields": plain["fields"],
        "key": [*key],
        "columns": [*columns],
        "rows": plain["rows"],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return (
            float(f"{value:.12g}") if abs(value) != float("inf") and value == value else str(value)
        )
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return (
        value if value is None or isinstance(value, (bool, int)) else str(value)
    )  # a unit too is a text


def _measure(name: str, as_of: str, holdings: Holdings) -> Answer:
    m = ask_for(name, PAIR, as_of=as_of, holdings=holdings)
    counted = m.evidence.group_by(["point", "grp"]).aggregate([([], "count_all")]).to_pylist()
    behind: Counter[tuple[str, str]] = Counter()
    for r in counted:
        behind[str(r["point"]), r["grp"] or ""] += r["count_all"]
    fields = {
        "unit": str(m.unit),
        "interval": m.interval.text,
        "note": m.note,
        "params": dict(m.params),
        "evidence_rows": m.evidence.num_rows,
        "sources": [s["name"] for s in m.sources],
    }
    rows = []
    for p in m.points:
        notes = [
            n for n in p.note.split("; ") if n
        ]  # "revised later" is a mark, wherever it is kept
        revised = "revised later" in notes or getattr(p, "revised", False)
        note = "; ".join(n for n in notes if n != "revised later")
        rows.append(
            [
                p.period,
                p.group,
                p.value,
                p.low,
                p.high,
                p.kind,
                note,
                bool(revised),
                behind[p.period, p.group],
            ]
        )
    columns = ("period", "group", "value", "low", "high", "kind", "note", "revised", "rows")
    return _answer(f"measure {name} as of {as_of}", fields, ("period", "group"), columns, rows)


def _judgements(as_of: str, holdings: Holdings) -> Iterator[Answer]:
    """Both answers of each claim, and a row for each piece of evidence."""
    columns = ("side", "part", "says", "value", "low", "high", "unit", "period", "reaches")
    for j in claims(PAIR, as_of=as_of, holdings=holdings):
        fields: dict[str, Any] = {"claim": j.claim, "rule": j.rule, "sources": j.sources}
        rows = []
        for name, answered in (("when_written", j.when_written), ("since", j.since)):
            fields[name] = [answered.answer, answered.sure, answered.sentence, answered.data_to]
            rows += [
                [f"{name} {n} {e.id}", *(getattr(e, c) for c in columns)]
                for n, e in enumerate(answered.evidence, 1)
            ]
        yield _answer(
            f"claim {j.id} as of {as_of}", fields, ("evidence",), ("evidence", *columns), rows
        )


DIVERTED = (
    "hub",
    "product",
    "tier",
    "diverted",
    "low",
    "high",
    "q_value",
    "probability",
    "probability_low",
    "probability_high",
    "rests_on",
    "surge",
    "at_stake",
    "unit_value_z",
    "break_at",
    "known",
)
LEGS = ("into", "out", "direct")


def _diversion(name: str, **asked: Any) -> Answer:
    found = divert(**asked)
    whole = plain(found)
    fields = {k: v for k, v in whole.items() if k not in ("rows", "as_of")}
    rows = []
    for r in found.rows:
        legs = [
            getattr(getattr(r, leg), what, None)
            for leg in LEGS
            for what in ("before", "expected", "actual")
        ]
        rows.append([*(getattr(r, c) for c in DIVERTED), *legs, "; ".join(r.compared)])
    columns = [*DIVERTED, *(f"{leg} {w}" for leg in LEGS for w in ("before", "expected", "actual"))]
    return _answer(name, fields, ("hub", "product"), [*columns, "compared"], rows)


SCREENED = (
    "query_id",
    "rank",
    "party",
    "name_matched",
    "list",
    "programme",
    "listed_on",
    "band",
    "listed",
    "probability",
    "effect",
    "identifiers",
    "source",
    "locator",
)


def _screening(name: str, queries: Path, as_of: str, holdings: Holdings) -> Answer:
    hits: list[dict[str, Any]] = []
    run = screen(queries, as_of=AsOf(as_of), holdings=holdings, emit=hits.append)
    notes = [*list_lines(run.lists, run.day), *run.notes]
    fields = {"queries": run.queries, "data_version": run.data_version, "notes": notes}
    rows = [[*(h[c] for c in SCREENED), "; ".join(f["flag"] for f in h["flags"])] for h in hits]
    return _answer(name, fields, ("query_id", "rank"), (*SCREENED, "flags"), rows)


def measured(as_of: str, holdings: Holdings) -> Iterator[Answer]:
    """Every measure with its default parameters."""
    for name in measures():
        yield _measure(name, as_of, holdings)


def judged(as_of: str, holdings: Holdings) -> Iterator[Answer]:
    """Every claim of the ledger."""
    yield from _judgements(as_of, holdings)


def held(holdings: Holdings) -> Iterator[Answer]:
    """What is held."""
    columns = ("table", "source", "snapshot", "rows")
    rows = sorted([p.table, p.source, p.snapshot, p.rows] for p in holdings.parts)
    yield _answer("holdings", {"digest": holdings.digest}, columns[:3], columns, rows)


def diverted(holdings: Holdings) -> Iterator[Answer]:
    """The EU's embedded exports, as known at each date."""
    for as_of in (THEN, NOW):
        name = f"divert of the embedded exports as of {as_of}"
        yield _diversion(name, origin="EU27", holdings=holdings, as_of=AsOf(as_of))


def screened(holdings: Holdings) -> Iterator[Answer]:
    """``names.csv``: 60 names written after embedded rows, 20 made up."""
    for as_of in (THEN, NOW):
        yield _screening(f"screen of names.csv as of {as_of}", HERE / "names.csv", as_of, holdings)


def diverted_shared(shared: Path) -> Iterator[Answer]:
    """Armenia's cars, as UN Comtrade tells them."""
    file = shared / "benchmarks/diversion/armenia_cars_comtrade_v1.csv"
    yield _diversion("divert of Armenia's cars", files=[file], origin="USA,JPN,DEU", target="RUS")


def screened_shared(shared: Path, holdings: Holdings, work: Path) -> Iterator[Answer]:
    """The first 200 real queries of the benchmark; their names are not written down."""
    real = json.loads((shared / "benchmarks/party_matching/queries_real.json").read_text("utf-8"))[
        :200
    ]
    queries = work / "queries.csv"
    with queries.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(["query_id", "name", "schema"])
        out.writerows([f"real {n}", q["q"], q["schema"]] for n, q in enumerate(real))
    yield _screening("screen of 200 real queries", queries, NOW, holdings)


def _document(name: str, question: Question, frame: Frame) -> Answer:
    """The document that answers a question: its sentences, and each of its blocks as a row."""
    made = question.answer(frame)
    fields = {"title": made.title, "summary": list(made.summary), "known_to": made.known_to}
    rows = [[n, type(b).__name__, plain(b)] for n, b in enumerate(made.walk())]
    return _answer(name, fields, ("block", "kind"), ("block", "kind", "content"), rows)


#: Draws of a plan on record: few, for it is compared and not read. The window has those of its
#: three plans.
DRAWS = {"recovery": 200, "backfill": 10, "blockade": 200, "exposure": 200}


def planned(as_of: str, holdings: Holdings) -> Iterator[Answer]:
    """Every plan with its default numbers and few draws."""
    frame = Frame(as_of=AsOf(as_of), holdings=holdings)
    for plan in every_plan():
        draws = DRAWS.get(plan.verb[-1])
        asked = plan.but(draws=draws) if draws else plan
        yield _document(f"plan {plan.book} as of {as_of}", asked, frame)


def watched(holdings: Holdings) -> Iterator[Answer]:
    """What changed over a year and over a week, and the dated questions with their outcomes."""
    for since, as_of in ((THEN, "2024-03-31"), ("2026-11-17", NOW)):
        frame = Frame(as_of=AsOf(as_of), holdings=holdings)
        asked = WatchQuestion(since=since)
        yield _document(f"watch from {since} as of {as_of}", asked, frame)
    frame = Frame(as_of=AsOf(NOW), holdings=holdings)
    yield _document(f"watch list as of {NOW}", ForecastListQuestion(), frame)


def owned(holdings: Holdings) -> Iterator[Answer]:
    """``owners.csv``: made-up firms below listed ones, through chains, a circle and open shares."""
    with (HERE / "owners.csv").open(encoding="utf-8", newline="") as handle:
        firms = dict.fromkeys(row["owned"] for row in csv.DictReader(handle))
    for as_of in (THEN, NOW):
        frame = Frame(as_of=AsOf(as_of), holdings=holdings)
        for firm in firms:
            asked = OwnersQuestion(links=HERE / "owners.csv", firm=firm)
            yield _document(f"owners of {firm} as of {as_of}", asked, frame)


#: Pairs whose profile is on record, besides the first page of Russia and China.
PROFILED = (Dyad("RUS", "PRK"), Dyad("IND", "PAK"))


def paged(as_of: str, holdings: Holdings) -> Iterator[Answer]:
    """The first page, and the profiles of some pairs."""
    frame = Frame(PAIR, AsOf(as_of), holdings)
    yield _document(f"page of {PAIR} as of {as_of}", BriefQuestion(), frame)
    for pair in PROFILED:
        frame = Frame(pair, AsOf(as_of), holdings)
        yield _document(f"page of {pair} as of {as_of}", ProfileQuestion(), frame)


# -- on disk -------------------------------------------------------------------------------------------------


def _line(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write(answers: Iterable[Answer], path: Path) -> None:
    """One gzip file of JSON lines, sorted by id; the same answers give the same bytes."""
    text = "".join(_line(a) + "\n" for a in sorted(answers, key=lambda a: a["id"]))
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())


def recorded(path: Path) -> dict[str, Answer]:
    """The answers of a file by id; {} where there is none."""
    if not path.exists():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {a["id"]: a for a in map(json.loads, lines)}


def index() -> dict[str, Any]:
    """A digest for each recorded answer, to be read by people."""
    out: dict[str, Any] = {}
    for part, path in PARTS.items():
        out[part] = {
            name: f"{hashlib.sha256(_line(a).encode()).hexdigest()[:16]} {len(a['rows'])} rows"
            for name, a in sorted(recorded(path).items())
        }
    return out


# -- comparison ----------------------------------------------------------------------------------------------


def _unit(answer: str, column: str, size: float) -> float:
    """How far apart two figures may lie: one unit of the last digit where the software itself rounds."""
    if answer.startswith("screen"):
        return {"probability": 2e-6, "listed": 2e-6}.get(column, 0.0)
    if answer.startswith("divert"):
        if column in ("q_value", "probability"):
            return 1.01e-3 * size
        return 1.01e-4 if size < 100 else 1.01
    return max(ABSOLUTE, RELATIVE * size)


def _same(answer: str, column: str, a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(answer, column, a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(
            _same(answer, column, x, y) for x, y in zip(a, b, strict=True)
        )
    number = isinstance(a, (int, float)) and isinstance(b, (int, float))
    if number and not isinstance(a, bool) and not isinstance(b, bool):
        return a == b or abs(a - b) <= _unit(answer, column, max(abs(a), abs(b)))
    return bool(a == b and type(a) is type(b))


def _keyed(answer: Answer) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by key, and a number to tell those of one key apart."""
    out: dict[tuple[Any, ...], dict[str, Any]] = {}
    times: Counter[tuple[Any, ...]] = Counter()
    for values in answer["rows"]:
        row = dict(zip(answer["columns"], values, strict=True))
        key = tuple(row[c] for c in answer["key"])
        times[key] += 1
        out[(*key, f"no. {times[key]}") if times[key] > 1 else key] = row
    return out


def differences(before: Answer, after: Answer) -> Iterator[str]:
    """What changed in one answer: a line for each field of each row."""
    name = before["id"]
    for field in sorted(before["fields"].keys() | after["fields"].keys()):
        a, b = before["fields"].get(field), after["fields"].get(field)
        if not _same(name, field, a, b):
            yield f"{name}: {field}: {a!r} -> {b!r}"
    old, new = _keyed(before), _keyed(after)
    for key in old.keys() - new.keys():
        yield f"{name}: {' '.join(map(str, key))}: is gone"
    for key in new.keys() - old.keys():
        yield f"{name}: {' '.join(map(str, key))}: is new"
    for key, row in old.items():
        for column in {**row, **new.get(key, row)}:
            a, b = row.get(column), new.get(key, row).get(column)
            if not _same(name, column, a, b):
                yield f"{name}: {' '.join(map(str, key))}: {column}: {a!r} -> {b!r}"
    if old.keys() == new.keys() and list(old) != list(new):
        yield f"{name}: rows come in another order"


def compare(before: dict[str, Answer], after: Iterable[Answer]) -> Iterator[str]:
    """What changed in some of the recorded answers; one that was never recorded is a difference too."""
    for answer in after:
        old = before.get(answer["id"])
        if old is None:
            yield f"{answer['id']}: is new"
        else:
            yield from differences(old, answer)
