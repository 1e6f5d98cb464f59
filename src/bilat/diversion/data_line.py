# SPDX-License-Identifier: Apache-2.0
"""The line of an answer on diversion that says which periods and hubs are stored."""

from __future__ import annotations

from bilat.diversion.answer import INWARD, OUTWARD, Diversion
from bilat.diversion.words import span_in_words
from bilat.document.wording import few_text, joined
from bilat.document.wording import period as when
from bilat.units.notation import figure

#: Currencies whose amounts are comparable from year to year.
CONVERTED = ("EUR", "USD")
#: Characters of the codes asked for that the line has room for, and headings that it names.
LONGEST_TITLE = 24
MOST_ABSENT = 6


def records(found: Diversion) -> str:
    """Return which periods, hubs and goods are stored; the title says how old they are."""
    gaps = [when(p) for p in found.gaps[:3]]
    if len(found.gaps) > 3:
        gaps.append(f"{len(found.gaps) - 3} more")
    missing = f"; we have no data for {joined(gaps)}" if gaps else ""
    currency = found.currency
    unit = "" if found.currency_stated else f"; the file names no currency, so we take {currency}"
    if currency not in CONVERTED:
        unit = f"; amounts in {currency} are not adjusted for changes in its value"
    return (
        f"Data: {_legs(found)}{_which(found)}, {span_in_words(found.after)}, against "
        f"{span_in_words(found.before)}{missing}{unit}.{_absent_goods(found)}{_untested(found)}"
    )


def _legs(found: Diversion) -> str:
    """What is stored of purchases and sales: of how many hubs."""
    if found.sales:
        return "the hubs' sales only"
    stored = [h for h in found.held if h.first <= found.after[1] and h.last >= found.after[0]]
    buyers = {h.who for h in stored if h.leg == INWARD}
    buyers |= {h.hub for h in found.hubs if h.bought}
    sellers = {h.who for h in stored if h.leg == OUTWARD}
    if found.carried is not None:
        sellers |= set(found.carried.hubs)
    elif found.hubs and found.fell != 0:
        sellers = set()  # too little was reported to be compared
    bought = f"purchases by {few_text(len(buyers), 'hubs')}"
    if not sellers:
        return f"{bought} only"
    sold = f"sales by {few_text(len(sellers), 'hubs')}"
    if not buyers:
        return f"{sold} only"
    return "purchases and sales" if buyers <= sellers else f"{bought}, {sold}"


def _which(found: Diversion) -> str:
    """Return the goods that were asked for, and how many of their codes are stored."""
    codes = found.codes
    if codes is None:
        products = {r.product[:6] for r in found.rows}
        headings = {product[:4] for product in products}
        only = products if len(products) == 1 else headings
        return f", HS {only.pop()}" if len(only) == 1 else ""
    title = (found.basket or {}).get("title", "")
    is_short = title.startswith("HS ") and len(title) <= LONGEST_TITLE
    if not is_short:
        return f", {codes.stored} of the {codes.asked} codes asked for"
    if codes.stored == codes.asked:
        return f", {title}"
    return f", {title} ({codes.stored} of {codes.asked} codes)"


def _absent_goods(found: Diversion) -> str:
    """Return the sentence on headings that were asked for and of which nothing is stored."""
    if found.codes is None or not found.codes.absent:
        return ""
    absent = found.codes.absent
    names = [*absent[:MOST_ABSENT]]
    if len(absent) > MOST_ABSENT:
        names.append(f"{len(absent) - MOST_ABSENT} more")
    return f" We have no data on HS {joined(names)}."


def _untested(found: Diversion) -> str:
    """Return the sentence on purchases under new codes, which have no past and are not tested."""
    new = found.untested
    if new is None or found.is_mostly_untested:  # the first sentence says it
        return ""
    amount = figure(sum(trade.since for _, trade in new.bought), found.currency)
    number = len(new.codes)
    which = f"HS {new.codes[0]}, a new code"
    if number > 1:
        which = f"{number} new codes, mostly HS {new.codes[0]}"
    return f" Not tested: {amount} of {which}."
