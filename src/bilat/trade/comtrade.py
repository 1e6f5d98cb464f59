# SPDX-License-Identifier: Apache-2.0
"""What UN Comtrade would fill: the exact queries for what we lack, and carrying them out with a user's key.

China, Hong Kong, Turkey and the Emirates report what they send to Russia by six-digit code; none of it is
held here. The plan lists the queries (reporters, partners, codes, periods) against the v1 service; a pull
saves each answer as the service gave it, in files that ``bilat divert`` reads.

References: UN Comtrade API (comtradedeveloper.un.org, product comtrade - v1): ``data/v1/get/{type}/{freq}/
{classification}``, key in ``Ocp-Apim-Subscription-Key``, at most 250,000 records an answer
(uncomtrade/comtradeapicall, README).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from bilat.catalog.fetch import fetch
from bilat.dyad import DataError, Period, UsageError, country, numeric
from bilat.trade.baskets import basket, successors

SERVICE = "https://comtradeapi.un.org/data/v1/get/C/M/HS"
#: Reporters whose exports to Russia by product are not held, and would fill the second legs and China's own.
LACKING = ("CHN", "HKG", "TUR", "ARE")
#: Months a query: with a basket's codes and one partner far below the service's 250,000 records.
MONTHS = 12
#: Seconds between two calls.
PAUSE = 2.0
#: Reporters whose code at the service is not their ISO number (as CEPII's BACI country codes have them).
_OWN_CODES = {"USA": 842, "FRA": 251, "ITA": 381, "IND": 699, "CHE": 757, "NOR": 579, "TWN": 490}


@dataclass(frozen=True)
class Query:
    """One call to the service."""

    reporter: str
    partner: str
    flow: str  #: X exports, M imports
    codes: tuple[str, ...]  #: HS6
    periods: tuple[str, ...]  #: YYYYMM

    @property
    def url(self) -> str:
        """The address, without the key. C00, 0 and 0 ask for the totals, not for their parts beside them."""
        return f"{SERVICE}?" + urlencode(
            {
                "reporterCode": _code(self.reporter),
                "partnerCode": _code(self.partner),
                "flowCode": self.flow,
                "cmdCode": ",".join(self.codes),
                "period": ",".join(self.periods),
                "customsCode": "C00",
                "motCode": "0",
                "partner2Code": "0",
                "includeDesc": "false",
            },
            safe=",",
        )

    @property
    def file(self) -> str:
        """Name of the file that keeps its answer; the same query has the same name."""
        digest = hashlib.sha256(self.url.encode()).hexdigest()[:10]
        asked = f"{self.reporter}-{self.partner}-{self.flow}-{self.periods[0]}-{self.periods[-1]}"
        return f"comtrade-{asked}-{digest}.json"

    def plain(self) -> dict[str, object]:
        """As plain data."""
        return {**asdict(self), "url": self.url, "file": self.file}


def _code(iso: str) -> int:
    found = _OWN_CODES.get(iso) or numeric(iso)
    if found is None:
        raise UsageError(f"{iso} is a group: Comtrade is asked for single economies")
    return found


def _months(first: str, last: str) -> list[str]:
    a, b = Period(first).start, Period(last).start
    if a > b:
        raise UsageError(f"the first month {first} is later than the last {last}")
    return [f"{n // 12}{n % 12 + 1:02d}" for n in range(a.year * 12 + a.month - 1, b.year * 12 + b.month)]


def plan(
    reporters: Sequence[str] = LACKING,
    partners: Sequence[str] = ("RUS",),
    *,
    basket_name: str = "chpl",
    first: str = "2019-01",
    last: str | None = None,
    flow: str = "X",
) -> list[Query]:
    """The queries that would fill what is lacking, a reporter, partner and year each.

    Codes that HS2022 split or renamed are asked under both editions.

    Raises
    ------
    UsageError
        for an unknown economy or basket, or a period that is none.
    """
    if flow not in ("X", "M"):
        raise UsageError(f"flow {flow!r}: X for exports, M for imports")
    end = last or (dt.date.today().replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    months = _months(first, end)
    wanted = basket(basket_name).codes
    before = {old for old, new in successors().items() if wanted & {old, *new}}
    after = {n for old in before for n in successors()[old]}
    codes = tuple(sorted(wanted | before | after))
    years: dict[str, list[str]] = {}
    for m in months:
        years.setdefault(m[:4], []).append(m)
    return [
        Query(country(r), country(p), flow, codes, tuple(year[i : i + MONTHS]))
        for r in reporters
        for p in partners
        for year in years.values()
        for i in range(0, len(year), MONTHS)
    ]


def pull(
    queries: Sequence[Query],
    into: Path,
    key: str,
    *,
    pause: float = PAUSE,
    service: str = SERVICE,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[tuple[Query, str, int]]:
    """Carry the plan out: (query, ``added`` or ``held``, records) for each, in order.

    What was answered before is not asked again; a stop at any point loses at most one answer.

    Raises
    ------
    UsageError
        without a key.
    DataError
        when the service refuses, or an answer is not what it should be: nothing of that answer is kept.
    """
    if not key.strip():
        raise UsageError(
            "Comtrade asks for a key: --key KEY or COMTRADE_API_KEY (free at comtradedeveloper.un.org)"
        )
    into.mkdir(parents=True, exist_ok=True)
    called = 0.0
    for n, q in enumerate(queries, 1):
        place = into / q.file
        if place.exists():
            yield q, "held", _records(place)
        else:
            wait = pause - (time.monotonic() - called)
            if wait > 0:
                time.sleep(wait)
            fresh = place.with_suffix(".new")
            fetch(
                q.url.replace(SERVICE, service, 1),
                fresh,
                pause=max(pause, 0.1),
                headers={"Ocp-Apim-Subscription-Key": key},
            )
            called = time.monotonic()
            try:
                count = _records(fresh)
            except DataError:
                fresh.unlink(missing_ok=True)
                raise
            fresh.replace(place)
            yield q, "added", count
        if progress is not None:
            progress(n, len(queries))


def _records(path: Path) -> int:
    """Records of an answer; an answer with an error, or one cut at the service's limit, is refused."""
    try:
        answer = json.loads(path.read_text("utf-8"))
        rows, error = answer["data"], answer.get("error")
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as e:
        raise DataError(
            f"{path.name}: is no answer of Comtrade v1 ({type(e).__name__}); ask again later"
        ) from None
    if error:
        raise DataError(f"{path.name}: Comtrade says: {error}")
    if len(rows) >= 250_000:
        raise DataError(
            f"{path.name}: {len(rows)} records, the service's limit: ask for fewer months or codes"
        )
    return len(rows)
