# SPDX-License-Identifier: Apache-2.0
"""The sources as a question: every one of the catalog, and which editions of it are held."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.catalog import sources
from bilat.document import Column, Document, Frame, Question, Table
from bilat.units.written import counted

_COLUMNS = (
    Column("source"), Column("grade"), Column("editions"), Column("rows", ",.0f"), Column("licence"), Column("what"),
    Column("address"),
)  # fmt: skip


@dataclass(frozen=True)
class SourcesQuestion(Question):
    """Every source of the catalog, and which editions of it are held."""

    verb = ("sources", "list")

    def answer(self, frame: Frame) -> Document:
        entries = [e for e in frame.holdings.entries() if e["vintage"] <= str(frame.as_of)]
        data, rows = [], []
        for s in sources().values():
            held = [e for e in entries if e["source"] == s.name]
            editions = [
                {"path": e["path"], "snapshot": e["sha256"], "vintage": e["vintage"], "bytes": e["bytes"],
                 "rows": {k: t["rows"] for k, t in e["tables"].items()}} for e in held
            ]  # fmt: skip
            data.append(
                {"name": s.name, "title": s.title, "producer": s.producer, "licence": s.licence, "url": s.url,
                 "cadence": s.cadence, "grade": s.grade, "tables": s.tables, "embedded": s.embed, "held": editions}
            )  # fmt: skip
            count = sum(t["rows"] for e in held for t in e["tables"].values())
            vintages = ", ".join(dict.fromkeys(e["vintage"] for e in held)) or "none"
            rows.append((s.name, s.grade, vintages, count, s.licence, s.title, s.url))
        title = f"{counted(len(rows), 'sources')}, {sum(bool(d['held']) for d in data)} with rows here"
        table = Table(_COLUMNS, tuple(rows), listing=True)
        return Document("sources", title, (), (table,), data=data, question=self, as_of=frame.as_of)
