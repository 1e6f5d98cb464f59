# SPDX-License-Identifier: Apache-2.0
"""Trade by command: what services are asked about hubs and goods, call by call, and what came.

Every answer is kept as it came, so that a cut costs one call at most. The answers of a publisher
are then put together and taken in as one file of its source: what was asked about other hubs or
goods before stays in it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from bilat.catalog import source
from bilat.catalog.fetch import Refused, fetch
from bilat.errors import DataError, UsageError
from bilat.files.lock import exclusive_lock
from bilat.files.write import move_into_place, writable, write_text
from bilat.formats.trade.answers import gacc_link
from bilat.holdings import comtrade
from bilat.holdings.acceptance import Pulled, take_in
from bilat.holdings.store import ELSEWHERE, Store
from bilat.holdings.trade_services import (
    SERVICES,
    Row,
    TradeCall,
    TradeQuestion,
    TradeService,
    joined_pages,
    rows_of,
)
from bilat.places import country

#: Seconds after which an answer is asked for again: a new month may be out.
FRESH = 86_400.0
#: Days after its end from which a month is not asked for again: publishers revise the year before.
SETTLED = 500
#: Pages of one answer at most.
MOST_PAGES = 40
FIRST_MONTH = "2019-01"
PUBLISHERS = tuple(SERVICES)
#: A name of a kept answer to several months: all but its last month says what was asked.
_SPAN = re.compile(r"(.+-\d{4}-\d{2})-\d{4}-\d{2}(\.\w+)")


def plan_trade(
    hubs: Sequence[str],
    goods: str,
    *,
    first: str = FIRST_MONTH,
    last: str = "",
    publishers: Sequence[str] = PUBLISHERS,
) -> list[TradeCall]:
    """Return the calls to each publisher about these hubs and goods, in all months.

    Raises
    ------
    UsageError
        for an unknown publisher, hub, basket or month, or if no hub is named.
    """
    if not hubs:
        raise UsageError("name the hubs to ask about: `hub` KGZ,KAZ,ARM")
    unknown = [p for p in publishers if p not in SERVICES]
    if unknown:
        raise UsageError(f"no publisher {unknown[0]!r}: choose from {', '.join(PUBLISHERS)}")
    end = last or (dt.date.today().replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    states = tuple(dict.fromkeys(country(h) for h in hubs))
    months = tuple(comtrade.months(first, end))
    asked = TradeQuestion(states, comtrade.codes_of(goods), months)
    calls: list[TradeCall] = []
    for name in dict.fromkeys(publishers):
        calls += SERVICES[name].plan(asked, SERVICES[name].address)
    return calls


@dataclass(frozen=True)
class Came:
    """What came of a call.

    Attributes
    ----------
    state
        ``held`` from before, ``added``, ``empty``, ``not out`` yet, or ``refused``.
    why
        of a refusal its reason.
    """

    state: str
    why: str = ""


def carry_out(
    calls: Sequence[TradeCall],
    into: Path,
    *,
    pauses: Mapping[str, float] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[tuple[TradeCall, Came]]:
    """Make the calls in order, and say what came of each.

    What was answered in the last day, and a month that is long settled, is not asked for again; a
    stop at any point loses one answer at most. A publisher that refuses is asked nothing more; the
    others are.

    Raises
    ------
    DataError
        if another run asks the same, or the folder cannot be written.
    """
    waits = {**{name: s.pause for name, s in SERVICES.items()}, **(pauses or {})}
    refused: set[str] = set()
    with writable(into, ELSEWHERE):
        into.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(into / "lock", into, wait=0, cure="wait until it is done"):
            called: dict[str, float] = {}
            for number, call in enumerate(calls, 1):
                if call.publisher in refused:
                    continue
                place = into / call.file
                came = Came("held")
                if not _is_settled(call, place):
                    last = called.get(call.publisher, 0.0)
                    wait = waits[call.publisher] - (time.monotonic() - last)
                    time.sleep(max(wait, 0.0))
                    try:
                        came = _asked(call, place, waits[call.publisher])
                    except DataError as e:
                        refused.add(call.publisher)
                        came = Came("refused", str(e))
                    called[call.publisher] = time.monotonic()
                yield call, came
                if progress is not None:
                    progress(number, len(calls))


def _is_settled(call: TradeCall, place: Path) -> bool:
    """Return whether nothing new can be had of a call."""
    if not place.exists():
        return False
    asked = place.stat().st_mtime
    if time.time() - asked <= FRESH:
        return True
    if not call.month or not place.stat().st_size:
        return False
    ended = dt.datetime.fromisoformat(f"{call.month}-01").timestamp() + 31 * FRESH
    return asked > ended + SETTLED * FRESH


def _asked(call: TradeCall, place: Path, pause: float) -> Came:
    """Ask for one answer, check it and put it in its place."""
    service = SERVICES[call.publisher]
    url = call.url or _linked(call, place.parent)
    if not url:
        return Came("not out")
    fresh = place.with_suffix(".new")
    url, key = service.signed(url)
    try:
        _bring(service, call, url, fresh, pause)
        rows = rows_of(call, fresh)
    except DataError as e:
        fresh.unlink(missing_ok=True)
        raise DataError(_told(e, service, key)) from None
    move_into_place(fresh, place)
    for older in _superseded(place):
        older.unlink()
    return Came("added" if rows or call.is_index else "empty")


def _told(error: DataError, service: TradeService, key: str) -> str:
    """Return what went wrong, without the user's key, and what to do."""
    why = str(error).replace("; try again later, or use `mirror`", "")
    variable = service.secret[1]
    if key:
        why = why.replace(quote(key, safe=""), "KEY").replace(key, "KEY")
    elif variable and (isinstance(error, Refused) or "is not an answer" in why):
        why += f". {service.who} may ask for a free key: set {variable}"
    return why


def _bring(service: TradeService, call: TradeCall, url: str, fresh: Path, pause: float) -> None:
    """Bring an answer, page by page where the service has pages; no rows make an empty file."""
    pages: list[bytes] = []
    for number in range(MOST_PAGES):
        here = f"{url}&$skip={number * service.page}" if number else url
        try:
            fetch(
                here,
                fresh,
                pause=min(max(pause, 0.0) * 5, 5.0),
                most=service.most_bytes,
                plain_headers=service.headers,
            )
        except Refused as e:
            if e.status not in service.empty:
                raise
            fresh.write_bytes(b"")
        if not service.page:
            return
        pages.append(fresh.read_bytes())
        if len(service.read(call, pages[-1])) < service.page:
            break
        time.sleep(pause)
    else:
        raise DataError(f"{call.file}: no end after {MOST_PAGES} pages: ask for fewer goods")
    if len(pages) > 1:
        fresh.write_bytes(joined_pages(pages))


def _linked(call: TradeCall, folder: Path) -> str:
    """Return where the index page says that a month's table lies; "" if it is not out.

    The page links by plain http to the host that it lies on: the same host is asked by https.
    """
    index = folder / call.index
    if not index.exists():
        return ""
    there = gacc_link(call.index, index.read_bytes(), int(call.month[5:]))
    base = urlsplit(SERVICES[call.publisher].address)
    found = urlsplit(there)
    if there and found.hostname not in (None, base.hostname):
        raise DataError(f"{call.index}: links to {there[:90]}, which is not {base.hostname}")
    return f"{base.scheme}://{base.netloc}{found.path}" if there else ""


def _superseded(place: Path) -> list[Path]:
    """Return kept answers to the same question that end with another month."""
    span = _SPAN.fullmatch(place.name)
    if span is None or place.name.startswith("preview-"):
        return []
    alike = re.compile(re.escape(span[1]) + r"-\d{4}-\d{2}" + re.escape(span[2]))
    return [p for p in place.parent.iterdir() if alike.fullmatch(p.name) and p != place]


#: How the names begin of what each publisher answered.
_BEGINS = {"comtrade": "preview"}


def take_in_trade(publisher: str, folder: Path, store: Store) -> Pulled | None:
    """Put what a publisher answered together into one file and take it in; None if no row came."""
    service = SERVICES[publisher]
    begins = _BEGINS.get(publisher, publisher)
    kept = [p for p in folder.glob(f"{begins}-*") if p.suffix in (".csv", ".json", ".html")]
    found: dict[Row, list[Row]] = {}
    at = [service.columns.index(c) for c in service.key]
    for path in sorted(kept, key=lambda p: (p.stat().st_mtime, p.name)):
        answer: dict[Row, list[Row]] = {}
        for row in rows_of(_kept_call(publisher, path), path):
            answer.setdefault(tuple(row[i] for i in at), []).append(row)
        found |= answer
    if not found:
        return None
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(service.columns)
    out.writerows(row for key in sorted(found) for row in sorted(found[key]))
    one = source(service.source)
    whole = folder / f"{service.source}.csv"
    write_text(whole, text.getvalue(), cure=ELSEWHERE)
    file = one.undated(f"trade/{whole.name}").model_copy(update={"grows": service.month})
    return take_in(one, file, whole, store)


def _kept_call(publisher: str, path: Path) -> TradeCall:
    """Return the call that a kept answer is of, as far as reading it needs."""
    month = re.fullmatch(r"gacc-(\d{4}-\d{2})\.html", path.name)
    is_index = path.name.startswith("gacc-index-")
    return TradeCall(publisher, "", path.name, month=month[1] if month else "", is_index=is_index)


__all__ = [
    "FIRST_MONTH",
    "PUBLISHERS",
    "SERVICES",
    "TradeCall",
    "carry_out",
    "plan_trade",
    "take_in_trade",
]
