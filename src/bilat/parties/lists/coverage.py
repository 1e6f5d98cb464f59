# SPDX-License-Identifier: Apache-2.0
"""Each list of the catalog as an answer names it: the day bilat has it to, or how to get it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bilat.catalog import Source
from bilat.catalog import sources as catalog_sources
from bilat.catalog.sources import default_folder
from bilat.document.wording import day as day_written
from bilat.errors import command
from bilat.holdings import request_log
from bilat.parties.lists.effects import publisher
from bilat.parties.lists.listed import Used, list_sources

#: Who publishes a list whose name in the catalog does not begin with the publisher's code.
_PREFIXES = {"OFAC": "OFAC", "BIS": "US", "JP": "Japan", "AU": "Australia", "CA": "Canada"}


@dataclass(frozen=True, slots=True)
class ListCoverage:
    """What an answer knows of one list of the catalog, or of a user's own file.

    ``content_to`` is the last day that the stored list speaks of, "" if it is not stored;
    ``was_searched`` says whether the answer looked into it; ``asked`` and ``answer`` are the day
    and the reply when the publisher was last asked; ``how_to_get`` is a sentence.
    """

    source: str
    title: str
    publisher: str
    was_searched: bool
    content_to: str = ""
    more: str = ""
    parties: int = 0
    asked: str = ""
    answer: str = ""
    how_to_get: str = ""

    def age(self, day: dt.date) -> int | None:
        """Return the days from the content's last day to ``day``; None if it is unknown."""
        if not self.content_to:
            return None
        return (day - dt.date.fromisoformat(self.content_to)).days

    def __str__(self) -> str:
        """Return one sentence, as every surface prints it."""
        who = f"{self.title} ({self.publisher}; {self.source})"
        parts = []
        if self.content_to:
            parts.append(f"stored to {day_written(self.content_to)}")
            parts.append(self.more)
            if not self.was_searched:
                parts.append("not searched this time")
        else:
            parts.append("not stored")
        if self.asked:
            parts.append(f"publisher asked {day_written(self.asked)}: {self.answer}")
        if not self.content_to or not self.was_searched:
            parts.append(self.how_to_get)
        return f"{who}: {'; '.join(filter(None, parts))}."


def list_coverage(used: Sequence[Used], held: Iterable[Used] = ()) -> list[ListCoverage]:
    """Return one entry for each list of the catalog, and for each file of the user's that was used.

    Parameters
    ----------
    used
        the lists that the answer looked into, as :func:`held_parties` returned them.
    held
        the lists that are stored besides, where an answer looked into some of them only.

    Examples
    --------
    >>> from bilat.parties.lists.listed import Used
    >>> [c.source for c in list_coverage([]) if c.was_searched]
    []
    """
    searched = {u.source: u for u in used if u.parties}
    stored = {u.source: u for u in held if u.parties} | searched
    asked = _last_requests()
    catalog = catalog_sources("parties")
    out = []
    for name in list_sources():
        source = catalog[name]
        mine = stored.get(name)
        day, answer = asked.get(name, ("", ""))
        out.append(
            ListCoverage(
                name,
                source.title,
                _publisher(name),
                name in searched,
                mine.content if mine else "",
                mine.more if mine else "",
                mine.parties if mine else 0,
                day,
                answer,
                how_to_get(source),
            )
        )
    for name, mine in searched.items():
        if name not in catalog:
            out.append(
                ListCoverage(
                    name, name, "your own file", True, mine.content, mine.more, mine.parties
                )
            )
    return out


def how_to_get(source: Source) -> str:
    """Return the sentence that says how a list is brought up to date, true of this list."""
    if source.current:
        return f"`{command('update', source.name)}` brings it"
    pull = command("sources", "pull", source.name, mirror="FILE")
    if source.by_hand:
        screen = command("screen", "NAMES", lists="FILE")
        words = source.by_hand.replace("{pull}", pull).replace("{screen}", screen)
        return f"no program can fetch it: {words}"
    if any(f.url for f in source.files):
        return f"`{command('sources', 'pull', source.name)}` brings the copy that the catalog knows"
    return f"no address is known; a file of it is read with `{pull}`"


def _publisher(source: str) -> str:
    prefix = source.split("_")[0].upper()
    return publisher(_PREFIXES.get(prefix, prefix))


def _last_requests() -> dict[str, tuple[str, str]]:
    """Return by source the last day on which its publisher was asked, and what it answered."""
    found: dict[str, tuple[str, str]] = {}
    for request in request_log.read(default_folder()):
        if request["answer"] not in ("answers", "silent"):
            found[request["source"]] = (request["day"], request["answer"])
    return found
