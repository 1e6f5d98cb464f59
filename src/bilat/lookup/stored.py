# SPDX-License-Identifier: Apache-2.0
"""What a search looks through, besides the lists of parties: each record as a text and its hit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypedDict

from bilat.catalog import sources
from bilat.document import Frame, wording
from bilat.document.wording import capital, day, joined
from bilat.goods.baskets import NAMES as BASKETS
from bilat.goods.baskets import basket
from bilat.goods.descriptions import descriptions
from bilat.lookup.hits import Entry, Hit
from bilat.lookup.questions import GoodsQuestion, StateQuestion
from bilat.measures import MeasureQuestion, measures
from bilat.places import country_name
from bilat.places.coalitions import coalitions, is_country
from bilat.units.notation import count_text, figure, value_text
from bilat.verdicts.evidence import Paper, documents
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names
from bilat.verdicts.questions import ClaimsQuestion


class _Event(TypedDict):
    """A row of the table of events."""

    event_type: str
    name: str | None
    starts: dt.date | None
    ends: dt.date | None
    participants: str
    place: str | None
    url: str | None
    period: str
    source: str


class _Meeting(TypedDict):
    """A row of the table of meetings."""

    first_day: dt.date
    last_day: dt.date
    state_a: str
    state_b: str
    names_a: str
    names_b: str
    level: str
    form: str
    place: str | None
    url: str
    publisher: str
    grade: str
    period: str


class _Deal(TypedDict):
    """The years of a deal in the register of arms transfers, taken together."""

    supplier: str
    recipient: str
    designation: str | None
    description: str
    order_year: int | None
    source: str
    delivered: float | None
    about: bool
    first_year: str
    last_year: str


class _Estimate(TypedDict):
    """A row of the table of estimates."""

    item: str
    metric: str
    entity: str | None
    figure: str | None
    value: float | None
    unit: str | None
    when_text: str | None
    originator: str | None
    url: str | None
    period: str


_EVENTS = """
SELECT event_type, name, starts, ends, participants, place, url, period, source
FROM events
"""
_MEETINGS = """
SELECT first_day, last_day, state_a, state_b, names_a, names_b, level, form, place, url,
  publisher, grade, period
FROM meetings
"""
# The rows of a deal are its years.
_DEALS = """
SELECT supplier, recipient, designation, description, order_year, source,
  sum(delivered) AS delivered,
  bool_or(coalesce(delivered_estimated, false)) AS about,
  min(period) AS first_year,
  max(period) AS last_year
FROM transfers
WHERE description IS NOT NULL
GROUP BY ALL
"""
_ESTIMATES = """
SELECT item, metric, entity, figure, value, unit, when_text, originator, url, period
FROM estimates
"""
#: How an event of a type is called, where its type is no word of the field.
_EVENT_NAMES = {
    "alliance": "treaty",
    "post": "contact that a foreign ministry posted",
    "treaty_exit": "end of a treaty",
    "roll call": "vote of the UN General Assembly",
}
#: How a meeting of a form is called, where its form is no word for a meeting.
_FORMS = {"margins": "on the margins of a larger meeting"}
#: What a published number is of, where the lists have a code for it.
_QUANTITIES = {
    "blockade_study": "study of a blockade",
    "china_crude_imports": "China's crude imports",
    "china_crude_imports_alt": "China's crude imports, second count",
    "china_crude_processing": "crude processed in China",
    "china_domestic_crude_output": "China's own crude output",
    "china_gas_imports": "China's gas imports",
    "china_malacca_share": "share of China's imports through Malacca",
    "china_oil_consumption": "China's oil consumption",
    "china_oil_stocks": "China's oil stocks",
    "crude_imports": "China's crude imports",
    "crude_intake": "crude processed in China",
    "crude_output": "China's own crude output",
    "customs_crude": "China's crude imports, according to customs",
    "gas_storage": "China's gas storage",
    "hormuz_bypass": "spare capacity of pipelines that avoid Hormuz",
    "hormuz_crude": "crude shipped through Hormuz",
    "hormuz_flow": "oil shipped through Hormuz",
    "hormuz_share_of_imports": "share of China's oil imports that came through Hormuz",
    "hormuz_to_china": "crude shipped to China through Hormuz",
    "hormuz_transit": "oil that passed through Hormuz",
    "intake_month": "crude processed in China in a month",
    "iran_to_china": "Iran's crude sales to China",
    "loss_of_targeted": "loss of the trade that tariffs hit",
    "output_month": "China's own crude output in a month",
    "pipeline_capacity_gas": "capacity of gas pipelines",
    "pipeline_capacity_oil": "capacity of oil pipelines",
    "pipeline_flow_gas": "flow of gas through pipelines",
    "pipeline_flow_oil": "flow of oil through pipelines",
    "quarter_imports": "China's crude imports in a quarter",
    "siberia_capacity": "capacity of gas pipelines",
    "siberia_flow": "flow of gas through pipelines",
    "stock_reserve": "China's strategic oil reserve",
}
#: How an item is called that the lists have as a code.
_ITEMS = {
    "china_exports_to_russia": "China's exports to Russia",
    "china_imports_from_russia": "China's imports from Russia",
    "china_russia_trade_total": "trade between China and Russia",
    "national_currencies_share_RU_CN": "share of yuan and rouble in trade between China and Russia",
    "russia_share_of_china_total_trade": "Russia's share of China's total trade",
    "yuan_share_RU_trade_excl_China": "share of the yuan in Russia's trade without China",
    "yuan_share_of_RU_CN_trade": "share of the yuan in trade between China and Russia",
    "yuan_share_russian_exports": "share of the yuan in payment for Russia's exports",
    "yuan_share_russian_imports": "share of the yuan in payment for Russia's imports",
}
#: Items that say no more than the quantity does.
_WHOLE = ("China", "Iran", "World")
#: The most states of an event that are named; of more, only their number is.
MOST_STATES = 4
#: Grades of pages that nobody has opened, or that decide nothing.
UNOPENED = ("D", "E", "F")


def facts(frame: Frame) -> Iterator[Entry]:
    """Yield every dated fact that was public on the day asked, with who says it and its page."""
    for id, row in documents(frame.as_of, frame.holdings).items():
        states = _state_names(row["actors"])
        said = (row["what"], row["headline"], row["title"], row["originator"], row["publisher"])
        searched = " ".join(text for text in (id, *said, *states) if text)
        yield (
            searched,
            Hit(id, row["what"], _fact_line(row), url=row["url"], day=str(row["public_to"])),
        )


def _fact_line(row: Paper) -> str:
    """Return when a fact was published, who says it, on which page, and the claims it bears on."""
    first, last = row["public_from"], row["public_to"]
    published = day(last) if first == last else f"between {day(first)} and {day(last)}"
    who = row["originator"]
    if row["publisher"] != who:
        who = f"{who}, read at {row['publisher']}"
    unread = " (original page not seen)" if row["grade"].startswith(UNOPENED) else ""
    claims = (row["claims"] or "").split(";")
    bears = f" Bears on {joined(claims)}." if claims != [""] else ""
    limit = f" {wording.sentence(row['limit'])}" if row["limit"] else ""
    return f"Published {published}; {who}{unread}; grade {row['grade']}.{limit}{bears}"


def claims(frame: Frame) -> Iterator[Entry]:
    """Yield the claims of the paper about the pair, without those withheld from a reader."""
    names = Names(frame.dyad)
    for claim in ledger():
        if claim.id in frame.withheld:
            continue
        title = capital(names.said(claim.claim))
        ask = ClaimsQuestion(only=claim.id)
        yield f"{claim.id} {title} {claim.section}", Hit(claim.id, title, claim.section, ask)


def events(frame: Frame) -> Iterator[Entry]:
    """Yield exercises, contacts, treaties and roll calls."""
    rows: list[_Event] = _rows(frame, "events", _EVENTS)
    for row in rows:
        states = _state_names(row["participants"])
        kind = _EVENT_NAMES.get(row["event_type"], row["event_type"])
        title = capital(row["name"] or kind)
        source = sources()[row["source"]]
        place = f", {row['place']}" if row["place"] else ""
        when = _days(row["starts"], row["ends"], row["period"])
        parts = (f"{capital(kind)}, {when}{place}", _named(states), source.producer)
        line = f"{'; '.join(filter(None, parts))}."
        searched = f"{title} {kind} {row['place'] or ''} {' '.join(states)}"
        # An id of a publisher's is no word that a reader knows.
        yield searched, Hit("", title, line, url=row["url"] or "", day=row["period"])


def meetings(frame: Frame) -> Iterator[Entry]:
    """Yield meetings and calls of ministers."""
    rows: list[_Meeting] = _rows(frame, "meetings", _MEETINGS)
    for row in rows:
        states = [country_name(row["state_a"]), country_name(row["state_b"])]
        title = f"{row['names_a']} and {row['names_b']}: {row['level']} of {joined(states)}"
        place = f", {row['place']}" if row["place"] else ""
        when = _days(row["first_day"], row["last_day"], row["period"])
        form = capital(_FORMS.get(row["form"], row["form"]))
        line = f"{form}, {when}{place}; {row['publisher']}; grade {row['grade']}."
        yield (
            f"{title} {row['place'] or ''}",
            Hit("", title, line, url=row["url"], day=row["period"]),
        )


def arms(frame: Frame) -> Iterator[Entry]:
    """Yield each order of the register of arms transfers, or a weapon without orders."""
    rows: list[_Deal] = _rows(frame, "transfers", _DEALS)
    for row in rows:
        weapon = row["description"]
        if row["designation"]:
            weapon = f"{row['designation']} ({weapon})"
        states = [country_name(row["supplier"]), country_name(row["recipient"])]
        title = f"{weapon}: {states[0]} to {states[1]}"
        producer = sources()[row["source"]].producer
        yield title, Hit("", title, f"{_deal_line(row)}; {producer}.", day=row["last_year"])


def _deal_line(row: _Deal) -> str:
    """Return what was delivered of a deal, and when it was ordered."""
    years = row["first_year"]
    if row["last_year"] != years:
        years = f"{years} to {row['last_year']}"
    delivered = f"Delivered {years}"
    if row["delivered"]:
        about = "about " if row["about"] else ""
        delivered = f"{capital(about)}{value_text(row['delivered'])} delivered {years}".strip()
    ordered = f"; ordered in {row['order_year']}" if row["order_year"] else ""
    return capital(delivered) + ordered


def estimates(frame: Frame) -> Iterator[Entry]:
    """Yield published numbers and estimates: what is stored for plans, stocks and energy."""
    rows: list[_Estimate] = _rows(frame, "estimates", _ESTIMATES)
    for row in rows:
        entity = row["entity"] or ""
        state = country_name(entity) if is_country(entity) else ""
        title = capital(_title(row["item"], row["metric"]))
        when = f" ({row['when_text']})" if row["when_text"] else ""
        originator = row["originator"] or ""
        line = f"{'; '.join(filter(None, (f'{_amount(row)}{when}', originator)))}."
        searched = f"{title} {state} {originator}"
        yield searched, Hit("", title, line, url=row["url"] or "", day=row["period"])


def _title(item: str, metric: str) -> str:
    """Return the title of a published number; the quantity stands first if the lists code it."""
    named = _QUANTITIES.get(metric)
    if named is None:
        return f"{_ITEMS[item]} ({metric})" if item in _ITEMS else f"{item}: {metric}"
    return named if item in _WHOLE else f"{named}: {item}"


def _amount(row: _Estimate) -> str:
    """Return the figure of an estimate in the house's form; as published if it is no number."""
    if row["value"] is None:
        return " ".join(text for text in (row["figure"], row["unit"]) if text)
    unit = row["unit"] or ""
    if row["value"] == 1 and unit.partition(" ")[0].endswith("s"):
        return count_text(1, unit)
    return figure(row["value"], unit)


def states(code: str) -> tuple[Hit, ...]:
    """Return the page of a state.

    Russia has none: the page of a state shows its ties with Russia.
    """
    if code in ("", "RUS"):
        return ()
    memberships = sorted(name for name, members in coalitions().items() if code in members)
    return (Hit(code, country_name(code), ", ".join(memberships), StateQuestion(code)),)


def known_measures() -> Iterator[Entry]:
    """Yield every measure."""
    for m in measures().values():
        searched = f"{m.name} {m.title} {m.unit} {m.method}"
        yield searched, Hit(m.name, m.title, f"{m.name}; {m.unit}", MeasureQuestion(m.name))


@cache
def goods() -> tuple[Entry, ...]:
    """Return every code of goods, with the lists of goods that contain it."""
    baskets = [basket(name) for name in BASKETS]
    entries = []
    for code, description in descriptions().items():
        lists = [b.title for b in baskets if b.holds(code)]
        text = "in: " + "; ".join(lists) if lists else "on none of the lists of goods"
        hit = Hit(code, description, text, GoodsQuestion(code))
        entries.append((f"{code} {description}", hit))
    return tuple(entries)


def catalog_sources(frame: Frame) -> Iterator[Entry]:
    """Yield every source of the catalog, without those of which only later editions are held."""
    first: dict[str, str] = {}
    for entry in frame.holdings.entries():
        vintage = str(entry["vintage"])
        first[entry["source"]] = min(first.get(entry["source"], vintage), vintage)
    for s in sources().values():
        if first.get(s.name, "") > str(frame.as_of):
            continue
        searched = f"{s.name} {s.title} {s.producer} {s.citation}"
        yield searched, Hit(s.name, s.title, f"{s.producer}; {s.licence}", url=s.url)


def _rows(frame: Frame, table: str, query: str) -> list[Any]:
    """Return rows of a table as it was public on the day asked; none where no part of it was."""
    frame.holdings.need([table])
    cursor = frame.holdings.connect(frame.as_of, query).connection.cursor()
    try:
        found: list[Any] = cursor.sql(query).to_arrow_table().to_pylist()
    finally:
        cursor.close()
    return found


def _state_names(codes: str) -> list[str]:
    return [country_name(code) for code in codes.split(";") if code]


def _named(states: Sequence[str]) -> str:
    """Return states by name, or how many they are; blank where the record names none."""
    if len(states) > MOST_STATES:
        return count_text(len(states), "states")
    return joined(list(states)) if states else ""


def _days(first: dt.date | None, last: dt.date | None, period: str) -> str:
    """Return when something took place, no finer than its record says."""
    if len(period) < len("2022-02-24") or first is None:
        return wording.period(period)
    if last is None or last == first:
        return day(first)
    return f"{day(first)} to {day(last)}"
