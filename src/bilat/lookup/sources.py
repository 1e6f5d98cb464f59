# SPDX-License-Identifier: Apache-2.0
"""The sources as a question: every one of the catalog, and which editions of it are held."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from bilat.catalog import sources, tables
from bilat.catalog.sources import own_sources
from bilat.document import Column, Document, Frame, Question, Say, Section, Table
from bilat.errors import command as typed
from bilat.freshness import Freshness
from bilat.holdings import Store, embedded_folder
from bilat.units.notation import count_text

_COLUMNS = (
    Column("source"),
    Column("grade"),
    Column("versions"),
    Column("rows", ",.0f"),
    Column("how fresh"),
    Column("licence"),
    Column("what"),
    Column("address"),
)


@dataclass(frozen=True)
class SourcesQuestion(Question):
    """List every source, and which versions of it are on this machine."""

    verb = ("sources", "list")
    title = "Sources"
    examples = (typed("sources", "list"),)

    def answer(self, frame: Frame) -> Document:
        entries = [e for e in frame.holdings.entries() if e["vintage"] <= str(frame.as_of)]
        fresh = frame.holdings.newest(frame.as_of)
        data = []
        rows = []
        for s in sources().values():
            held = [e for e in entries if e["source"] == s.name]
            age = fresh.get(s.name, Freshness())
            editions = [
                {
                    "path": e["path"],
                    "snapshot": e["sha256"],
                    "vintage": e["vintage"],
                    "bytes": e["bytes"],
                    "rows": {k: t["rows"] for k, t in e["tables"].items()},
                }
                for e in held
            ]
            data.append(
                {
                    "name": s.name,
                    "title": s.title,
                    "producer": s.producer,
                    "licence": s.licence,
                    "url": s.url,
                    "cadence": s.cadence,
                    "grade": s.grade,
                    "tables": s.tables,
                    "embedded": s.embed,
                    "held": editions,
                    "freshness": asdict(age) if held else None,
                }
            )
            count = sum(t["rows"] for e in held for t in e["tables"].values())
            vintages = ", ".join(dict.fromkeys(e["vintage"] for e in held)) or "none"
            told = str(age) if held else ""
            rows.append((s.name, s.grade, vintages, count, told, s.licence, s.title, s.url))
        found = sum(bool(d["held"]) for d in data)
        title = f"{count_text(len(rows), 'sources')}, of which {found} have data here"
        table = Table(_COLUMNS, tuple(rows), listing=True)
        return Document("sources", title, (), (table,), data=data, question=self, as_of=frame.as_of)


def catalogued() -> tuple[Section, Section]:
    """On what terms each source's figures come with the package, in what form and why; and what
    each table has.
    """
    count = Counter[str]()
    for part in Store(embedded_folder()).parts(verify=False):
        count[part.source] += part.rows
    form = {"rows": "as they are", "derived": "derived", "none": "no"}
    terms = Table(
        tuple(Column(c) for c in ("source", "licence", "in the package", "rows", "why")),
        tuple(
            (s.name, s.licence, form[s.embed], count[s.name], s.embed_why)
            for s in sorted(sources().values(), key=lambda s: s.embed == "none")
            if s.name not in own_sources()
        ),
    )
    columns = tuple(Column(c) for c in ("column", "type", "unit", "meaning"))
    schemas = tuple(
        Section(
            t.name,
            (
                Say(t.about),
                Table(columns, tuple((c.name, str(c.type), c.unit, c.meaning) for c in t.columns)),
            ),
        )
        for t in tables().values()
    )
    return (
        Section(
            "Whose figures come with bilat, and under what licence",
            (
                Say(
                    "“As they are” means that the package has every row; “derived” means that it "
                    "has only what the last column says. "
                    f"You get the rest with {typed('update')}, or from your own file: "
                    f"{typed('sources', 'pull', 'NAME', mirror='FILE')}."
                ),
                terms,
            ),
            detail=True,
        ),
        Section("The tables into which we read the sources", schemas, detail=True),
    )
