# SPDX-License-Identifier: Apache-2.0
"""A source of the user's own as a measure: its rows by period and group, asked by the source's name."""

from __future__ import annotations

from functools import cache

from bilat.catalog.reading import merged
from bilat.catalog.sources import Source, own_sources
from bilat.measures.answer import Answer, Ask
from bilat.measures.declare import Measure
from bilat.measures.subjects import binding_of
from bilat.subject import World
from bilat.units import Unit


def own_measure(name: str) -> Measure:
    """Return the measure of a source that the user added."""
    return _measure(own_sources()[name].files[0].sha256, name)


@cache
def _measure(digest: str, name: str) -> Measure:
    """The measure of one edition of a source: one function an edition, so that answers kept are of its rows."""
    source = own_sources()[name]

    def answer(ask: Ask) -> Answer:
        out = ask.answer()
        rows = ask.rows(
            "SELECT *, period AS point, nullif(entity, 'all') AS grp FROM series WHERE source = ?",
            name,
        )
        out.each(rows, "sum(value)", kind="reported")
        return out.or_missing(f"no row of {name} was public then")

    return Measure(
        name=name,
        function=answer,
        title=source.title[:1].upper() + source.title[1:],
        unit=_unit(source),
        tables=("series",),
        reference=source.citation,
        method="Rows as they stand in the file that was added.",
        binding=binding_of(name, World, {}),
    )


def _unit(source: Source) -> Unit:
    text = str(merged(source.read, {}).fixed["unit"])
    word = text.split()[0]
    if word in ("%", "percent"):
        return Unit("percent", f"percent{text[len(word) :]}")
    return Unit("share" if word == "share" else "quantity", text)
