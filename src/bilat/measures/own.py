# SPDX-License-Identifier: Apache-2.0
"""A source of the user's own as a measure: its rows by period and group, asked by the source's name."""

from __future__ import annotations

from functools import cache

from bilat.catalog.reading import merged
from bilat.catalog.sources import own_sources
from bilat.measures.answer import Answer, Ask
from bilat.measures.declare import Measure
from bilat.measures.subjects import binding_of
from bilat.subject import World
from bilat.units import Unit


def own_measure(name: str) -> Measure:
    """Return the measure of a source that the user added."""
    source = own_sources()[name]
    return _measure(
        name,
        title=source.title,
        unit=str(merged(source.read, {}).fixed["unit"]),
        citation=source.citation,
        sha256=source.files[0].sha256,
    )


@cache
def _measure(name: str, *, title: str, unit: str, citation: str, sha256: str) -> Measure:
    """Return the measure of one version of a source.

    Each version has a function of its own, so that an answer that was cached is of its rows; a
    version differs in its file (``sha256``) or in what the user says of it.
    """

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
        title=title[:1].upper() + title[1:],
        unit=_unit(unit),
        tables=("series",),
        reference=citation,
        method="Rows as given in the file that was added.",
        binding=binding_of(name, World, {}),
    )


def _unit(text: str) -> Unit:
    """Return the unit that a user has named; its first word may say percentage or share."""
    word = text.split()[0]
    if word in ("%", "percent"):
        return Unit("percent", f"percent{text[len(word) :]}")
    return Unit("share" if word == "share" else "quantity", text)
