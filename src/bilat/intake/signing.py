# SPDX-License-Identifier: Apache-2.0
"""A person signs what a page means for a claim; the row enters the team's folder."""

from __future__ import annotations

import datetime as dt

from bilat.catalog.compiled.sites import refused, site_of
from bilat.errors import DataError, UnknownName, UsageError
from bilat.handling import marked
from bilat.intake.page import Page
from bilat.intake.proposal import Proposal, bearing_on
from bilat.sharing.team import Team
from bilat.verdicts.ledger import ledger
from bilat.verdicts.signed_pages import SIDES, SignedPage

#: A row says one thing.
LONGEST = 300


def refuse_read_before(page: Page, team: Team) -> None:
    """Refuse a page that the team has signed already.

    Raises
    ------
    DataError
        naming who signed it, when and for which claim.
    """
    earlier = team.page_log.of_page(page.digest)
    if earlier:
        first = earlier[0]
        raise DataError(
            f"the page was read before: {first.claim}, {first.side}, signed by {first.who} "
            f"on {first.when[:10]}",
            value=page.title or page.address,
        )


def sign(
    found: Proposal,
    team: Team,
    *,
    claim: str,
    side: str,
    who: str,
    why: str,
    says: str = "",
    published: str = "",
    originator: str = "",
    marking: str = "",
) -> SignedPage:
    """Append the signed row to the team's folder.

    Raises
    ------
    UsageError
        for an unknown claim or side, and a row that lacks its day.
    DataError
        for a page from a refused site.
    """
    ids = [c.id for c in ledger()]
    if claim not in ids:
        raise UnknownName(f"no claim {claim!r}: choose from {', '.join(ids)}")
    if side not in SIDES:
        raise UsageError(f"side {side!r}: must be one of {', '.join(SIDES)}")
    listed = refused(found.page.address) if found.page.address else None
    if listed:
        raise DataError(
            f"the page is on {site_of(found.page.address)}, from which nothing is taken in "
            f"({listed.reason})",
            cure="read it where it was first published",
        )
    day = published or (found.dated.day.isoformat() if found.dated.day else "")
    if not day:
        raise UsageError("the page gives no day of publication; name it: `published` YYYY-MM-DD")
    if dt.date.fromisoformat(day) > dt.date.today():
        raise UsageError(f"published {day} is in the future")
    bearing = bearing_on(claim, found)
    words = says or bearing.words
    if len(words) > LONGEST:
        raise UsageError(f"`says` has {len(words)} characters; at most {LONGEST}")
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    mark = str(marked(marking))
    return team.page_log.write(
        lambda previous: SignedPage(
            claim=claim,
            side=side,
            says=words,
            place=bearing.place,
            title=found.page.title,
            address=found.page.address,
            originator=originator or found.speaker.name,
            published=day,
            page=found.page.digest,
            why=why,
            who=who,
            when=moment,
            marking=mark,
            previous=previous,
        )
    )[0]
