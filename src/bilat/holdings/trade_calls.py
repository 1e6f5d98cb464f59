# SPDX-License-Identifier: Apache-2.0
"""Trade by command: what Eurostat and UN Comtrade are asked about hubs and goods, call by call.

Eurostat answers for the Union as a whole, ten goods a call and all months at once. Comtrade's
public preview answers without a key, one month a call and at most 500 rows. Every answer is kept as
it came, so that a cut costs one call at most; Eurostat's are then taken in as one file of
``comext_goods``.

References: SDMX 2.1 REST key ``FREQ.REPORTER.PARTNER.PRODUCT.FLOW.INDICATORS`` with ``+`` for "or";
an answer has DATAFLOW, LAST UPDATE, the dimensions, TIME_PERIOD and OBS_VALUE as columns.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bilat.catalog import source
from bilat.catalog.fetch import Refused, fetch
from bilat.errors import DataError, UsageError
from bilat.files.lock import exclusive_lock
from bilat.files.write import atomic_write, move_into_place, writable
from bilat.holdings import comtrade
from bilat.holdings.pull import Pulled, take_in
from bilat.holdings.store import ELSEWHERE, Store
from bilat.places import country
from bilat.places.place_codes import alpha2_of

COMEXT = "https://ec.europa.eu/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409"
PREVIEW = "https://comtradeapi.un.org/public/v1/preview/C/M/HS"
#: Goods of one call to Eurostat: the address stays short, and an answer below a megabyte.
GOODS_A_CALL = 10
#: Rows at which the preview cuts an answer off.
PREVIEW_ROWS = 500
#: Seconds between two calls: to Eurostat, and to the preview.
PAUSES = {"comext": 1.0, "comtrade": 2.0}
#: Seconds that a call takes beside its pause, for the plan alone.
ANSWER_SECONDS = 1.5
#: Seconds after which an answer is asked for again: a new month may be out.
FRESH = 86_400.0
#: Bytes of one answer, and of all that is asked for at once.
LARGEST_ANSWER = 20_000_000
FIRST_MONTH = "2019-01"
PUBLISHERS = ("comext", "comtrade")
#: What the first line of Eurostat's answer begins with.
_HEADER = (
    b"DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"
)


@dataclass(frozen=True)
class TradeCall:
    """One call to a publisher, and the file that keeps its answer."""

    publisher: str
    url: str
    file: str

    @property
    def seconds(self) -> float:
        """Seconds that it takes, with the pause before it."""
        return PAUSES[self.publisher] + ANSWER_SECONDS


def plan_trade(
    hubs: Sequence[str],
    goods: str,
    *,
    first: str = FIRST_MONTH,
    last: str = "",
    publishers: Sequence[str] = PUBLISHERS,
) -> list[TradeCall]:
    """Return the calls for what the Union sells to these hubs, and what these sell to Russia.

    Raises
    ------
    UsageError
        for an unknown publisher, hub, basket or month, or if no hub is named.
    """
    if not hubs:
        raise UsageError("name the hubs to ask about: `hub` KGZ,KAZ,ARM")
    unknown = [p for p in publishers if p not in PUBLISHERS]
    if unknown:
        raise UsageError(f"no publisher {unknown[0]!r}: there are {', '.join(PUBLISHERS)}")
    end = last or (dt.date.today().replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    months = comtrade.months(first, end)
    codes = comtrade.codes_of(goods)
    states = list(dict.fromkeys(country(h) for h in hubs))
    calls: list[TradeCall] = []
    if "comext" in publishers:
        calls += [_comext(s, part, first, end) for s in states for part in _batches(codes)]
    if "comtrade" in publishers:
        calls += [_preview(s, codes, month) for s in states for month in months]
    return calls


def _batches(codes: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(codes[i : i + GOODS_A_CALL]) for i in range(0, len(codes), GOODS_A_CALL)]


def _comext(state: str, codes: Sequence[str], first: str, last: str) -> TradeCall:
    """Return the call for the Union's exports of some goods to a state, in all months."""
    partner = alpha2_of(state)
    if partner is None:
        raise UsageError(f"{state} is a group: Eurostat is asked about single states")
    key = f"M.EU27_2020.{partner}.{'+'.join(codes)}.2.VALUE_IN_EUROS+QUANTITY_IN_100KG"
    months = urlencode({"startPeriod": first, "endPeriod": last, "format": "SDMX-CSV"})
    name = f"comext-{state}-{codes[0]}-{codes[-1]}-{first}-{last}.csv"
    return TradeCall("comext", f"{COMEXT}/{key}?{months}", name)


def _preview(state: str, codes: Sequence[str], month: str) -> TradeCall:
    """Return the call for a state's exports of goods to Russia in one month."""
    query = comtrade.PlannedQuery(state, "RUS", "X", tuple(codes), (month,))
    more = urlencode({"maxRecords": PREVIEW_ROWS, "breakdownMode": "classic"})
    url = f"{query.url.replace(comtrade.SERVICE, PREVIEW, 1)}&{more}"
    return TradeCall("comtrade", url, f"preview-{query.file}")


def carry_out(
    calls: Sequence[TradeCall],
    into: Path,
    *,
    pauses: dict[str, float] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[tuple[TradeCall, str]]:
    """Make the calls in order: (call, ``added``, ``held`` or ``empty``) for each.

    What was answered in the last day is not asked again; a stop at any point loses one answer at
    most.

    Raises
    ------
    DataError
        when a publisher refuses, or an answer is not what it should be; the same command then
        goes on.
    """
    waits = {**PAUSES, **(pauses or {})}
    with writable(into, ELSEWHERE):
        into.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(into / "lock", into, wait=0, cure="wait until it is done"):
            called = 0.0
            for number, call in enumerate(calls, 1):
                place = into / call.file
                status = "held"
                if not place.exists() or time.time() - place.stat().st_mtime > FRESH:
                    wait = waits[call.publisher] - (time.monotonic() - called)
                    if wait > 0:
                        time.sleep(wait)
                    status = _asked(call, place, waits[call.publisher], number, len(calls))
                    called = time.monotonic()
                yield call, status
                if progress is not None:
                    progress(number, len(calls))


def _asked(call: TradeCall, place: Path, pause: float, number: int, count: int) -> str:
    """Ask for one answer, check it and put it in its place; ``added``, or ``empty``."""
    fresh = place.with_suffix(".new")
    try:
        try:
            fetch(call.url, fresh, pause=min(max(pause, 0.0) * 5, 5.0), most=LARGEST_ANSWER)
        except Refused as e:
            if call.publisher != "comext" or e.status != 404:
                raise
            fresh.write_bytes(_HEADER + b"\n")  # Eurostat's word for no rows
        rows = _rows(call, fresh)
    except DataError as e:
        fresh.unlink(missing_ok=True)
        why = str(e).replace("; try again later, or use `mirror`", "")
        raise DataError(
            f"{why}; {number - 1} of {count} answers are in {place.parent}, and the same command "
            "goes on from there"
        ) from None
    move_into_place(fresh, place)
    return "added" if rows else "empty"


def _rows(call: TradeCall, path: Path) -> int:
    """Return the rows of an answer.

    Raises
    ------
    DataError
        for what is no answer to this call, or was cut off.
    """
    if call.publisher == "comtrade":
        count, _ = comtrade.records_of(path)
        if count >= PREVIEW_ROWS:
            raise DataError(
                f"{call.file}: {count} rows, where the preview cuts off: ask for fewer goods"
            )
        return count
    raw = path.read_bytes()
    if not raw.startswith(_HEADER):
        raise DataError(f"{call.file}: is not a table of Eurostat's: it begins {raw[:60]!r}")
    return len(raw.splitlines()) - 1


def take_in_comext(calls: Sequence[TradeCall], folder: Path, store: Store) -> Pulled | None:
    """Put Eurostat's answers together into one file and take it in; None if no row came."""
    parts = [folder / c.file for c in calls if c.publisher == "comext"]
    header = b""
    rows: list[bytes] = []
    for part in parts:
        lines = part.read_bytes().splitlines()
        header = max(header, lines[0], key=len)
        rows += lines[1:]
    if not rows:
        return None
    one = source("comext_goods")
    whole = folder / "comext_goods.csv"
    with atomic_write(whole, cure=ELSEWHERE) as temporary:
        temporary.write_bytes(b"\n".join([header, *sorted(set(rows)), b""]))
    return take_in(one, one.undated("trade/comext_goods.csv"), whole, store)
