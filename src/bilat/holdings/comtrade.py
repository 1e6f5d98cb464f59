# SPDX-License-Identifier: Apache-2.0
"""What UN Comtrade would fill: the exact queries for what we lack, and carrying them out with a
user's key.

China, Hong Kong, Turkey and the Emirates report what they send to Russia by six-digit code; none of
it is held here. The plan lists the queries (reporters, partners, codes, periods) against the v1
service; a pull saves each answer as the service gave it, in files that ``bilat divert`` reads.

References: UN Comtrade API (comtradedeveloper.un.org, product comtrade - v1):
``data/v1/get/{type}/{freq}/ {classification}``, at most 250,000 records an answer
(uncomtrade/comtradeapicall, README), 100,000 and 500 calls a day on a free key (comtradr, "Querying
large amounts of data"); key in ``Ocp-Apim-Subscription-Key`` and an address of at most 4,096
characters (comtradr, ct_build_request).
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

from bilat.catalog.fetch import Refused, fetch
from bilat.errors import DataError, UsageError
from bilat.files.lock import exclusive_lock
from bilat.files.write import move_into_place, writable
from bilat.goods.baskets import basket, successors
from bilat.goods.descriptions import descriptions
from bilat.holdings.store import ELSEWHERE
from bilat.places import country
from bilat.places.place_codes import comtrade_number
from bilat.when import Period

SERVICE = "https://comtradeapi.un.org/data/v1/get/C/M/HS"
#: Reporters whose exports to Russia by product are not held, and would fill the second legs and
#: China's own.
LACKING = ("CHN", "HKG", "TUR", "ARE")
#: Months a query: with a basket's codes and one partner far below the service's records an answer.
MONTHS = 12
#: Characters of an address that the service takes, less a margin.
LONGEST_URL = 4_000
#: Records at which an answer is cut off: on a free key, and on a paid one.
CUT_OFF = (100_000, 250_000)
#: Seconds after which an answer that lacks its last month is asked for again: it may be published
#: by now.
FRESH = 86_400.0
#: Seconds between two calls.
PAUSE = 2.0


@dataclass(frozen=True)
class PlannedQuery:
    """One call to the service."""

    reporter: str
    partner: str
    flow: str  #: X exports, M imports
    codes: tuple[str, ...]  #: HS6
    periods: tuple[str, ...]  #: YYYYMM

    @property
    def url(self) -> str:
        """The address, without the key. C00, 0 and 0 ask for the totals, not for their parts beside
        them."""
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
        return f"{self.begins}-{self.periods[-1]}.json"

    @property
    def begins(self) -> str:
        """How the names begin of all answers to the same goods from the same first month."""
        goods = digest(self.codes)
        return f"comtrade-{self.reporter}-{self.partner}-{self.flow}-{goods}-{self.periods[0]}"

    def plain(self) -> dict[str, object]:
        """As plain data."""
        return {**asdict(self), "url": self.url, "file": self.file}


def digest(words: Sequence[str]) -> str:
    """Return ten characters that stand for a list of codes in the name of a file."""
    return hashlib.sha256(",".join(words).encode()).hexdigest()[:10]


def _code(iso: str) -> int:
    found = comtrade_number(iso)
    if found is None:
        raise UsageError(f"{iso} is a group: Comtrade is asked for single economies")
    return found


def months(first: str, last: str) -> list[str]:
    """Return every month from the first to the last, both included, as YYYY-MM.

    Raises
    ------
    UsageError
        if the first month is later than the last.
    """
    a = Period(first).start
    b = Period(last).start
    if a > b:
        raise UsageError(f"the first month {first} is later than the last {last}")
    return [
        f"{n // 12}{n % 12 + 1:02d}"
        for n in range(a.year * 12 + a.month - 1, b.year * 12 + b.month)
    ]


def plan(
    reporters: Sequence[str] = LACKING,
    partners: Sequence[str] = ("RUS",),
    *,
    basket_name: str = "chpl",
    first: str = "2019-01",
    last: str | None = None,
    flow: str = "X",
) -> list[PlannedQuery]:
    """The queries that would fill what is lacking, a reporter, partner and year each; several where
    the codes are too many for one address.

    Codes that HS2022 split or renamed are asked under both editions.

    Raises
    ------
    UsageError
        for an unknown economy or basket, or a period that is none.
    """
    if flow not in ("X", "M"):
        raise UsageError(f"flow {flow!r}: X for exports, M for imports")
    end = last or (dt.date.today().replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    wanted = months(first, end)
    codes = codes_of(basket_name)
    years: dict[str, list[str]] = {}
    for m in wanted:
        years.setdefault(m[:4], []).append(m)
    return [
        PlannedQuery(country(r), country(p), flow, part, tuple(year[i : i + MONTHS]))
        for r in reporters
        for p in partners
        for year in years.values()
        for i in range(0, len(year), MONTHS)
        for part in _parts(
            PlannedQuery(country(r), country(p), flow, (), tuple(year[i : i + MONTHS])), codes
        )
    ]


def codes_of(basket_name: str) -> tuple[str, ...]:
    """The basket at six digits, which is what the service knows, in both editions of a code that
    was split."""
    chosen = basket(basket_name)
    wanted = {c[:6] for c in chosen.codes} | (
        chosen.choose(descriptions()) if chosen.prefixes else set()
    )
    before = {old for old, new in successors().items() if wanted & {old, *new}}
    return tuple(sorted(wanted | before | {n for old in before for n in successors()[old]}))


def _parts(bare: PlannedQuery, codes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Codes in as few parts as the longest address allows."""
    most = (LONGEST_URL - len(bare.url)) // len("848210,")
    count = -(-len(codes) // most)
    size = -(-len(codes) // count)
    return [codes[i : i + size] for i in range(0, len(codes), size)]


def pull(
    queries: Sequence[PlannedQuery],
    into: Path,
    key: str,
    *,
    pause: float = PAUSE,
    service: str = SERVICE,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[tuple[PlannedQuery, str, int]]:
    """Carry the plan out: (query, ``added`` or ``held``, records) for each, in order.

    What was answered before is not asked again, unless it lacks its last month and is more than a
    day old; a stop at any point loses at most one answer. An answer to more months of a year
    replaces that to fewer.

    Raises
    ------
    UsageError
        without a key.
    DataError
        when the service refuses, or an answer is not what it should be: nothing of that answer is
        kept.
    """
    if not key.strip():
        raise UsageError(
            "Comtrade asks for a key: `key` KEY or COMTRADE_API_KEY (free at "
            "comtradedeveloper.un.org)"
        )
    with writable(into, ELSEWHERE):
        into.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(
            into / "lock", into, wait=0, cure="wait until it is done: it asks the same questions"
        ):
            yield from _carried_out(queries, into, key, pause, service, progress)


def _carried_out(
    queries: Sequence[PlannedQuery],
    into: Path,
    key: str,
    pause: float,
    service: str,
    progress: Callable[[int, int | None], None] | None,
) -> Iterator[tuple[PlannedQuery, str, int]]:
    called = 0.0
    for n, q in enumerate(queries, 1):
        # An answer to more months than asked, from the same first one, will do.
        place = max(into.glob(f"{q.begins}-*.json"), default=into / q.file)
        if place.name < q.file:
            place = into / q.file
        if place.exists() and _settled(place, q):
            yield q, "held", records_of(place)[0]
        else:
            wait = pause - (time.monotonic() - called)
            if wait > 0:
                time.sleep(wait)
            fresh = place.with_suffix(".new")
            try:
                fetch(
                    q.url.replace(SERVICE, service, 1),
                    fresh,
                    pause=max(pause, 0.1),
                    headers={"Ocp-Apim-Subscription-Key": key},
                )
                count, _ = records_of(fresh)
            except DataError as e:
                fresh.unlink(missing_ok=True)
                raise DataError(
                    f"{_told(e, q)}; {n - 1} of {len(queries)} answers are in {into}, and the "
                    "same command goes on "
                    "from there"
                ) from None
            called = time.monotonic()
            move_into_place(fresh, place)
            for older in into.glob(f"{q.begins}-*.json"):
                if older.name < place.name:
                    older.unlink()
            yield q, "added", count
        if progress is not None:
            progress(n, len(queries))


_REASONS = {
    401: "the key was not accepted: look it up at comtradedeveloper.un.org under Profile",
    403: "the key may not ask this, or its calls of the day are spent (500 on a free key): go on tomorrow",
    404: "the service was not found at this address",
    414: "the address is too long: ask for a smaller basket",
}


def _told(error: DataError, query: PlannedQuery) -> str:
    if isinstance(error, Refused):
        reason = _REASONS.get(error.status, "ask again later")
        return f"{query.file}: Comtrade answers HTTP {error.status}: {reason}"
    return str(error).replace("; try again later, or use `mirror`", "")


def _settled(place: Path, query: PlannedQuery) -> bool:
    """Is there nothing new to be had? An answer without its last month may have come before that
    month did."""
    return query.periods[-1] <= records_of(place)[1] or time.time() - place.stat().st_mtime < FRESH


def records_of(path: Path) -> tuple[int, str]:
    """Records of an answer and the last month in them; one with an error, or cut at the limit, is
    refused."""
    rows = rows_of(path.name, path.read_bytes())
    return len(rows), max((str(r.get("period", "")) for r in rows), default="")


def rows_of(name: str, raw: bytes) -> list[dict[str, object]]:
    """Return the records of an answer; ``name``: of its file.

    Raises
    ------
    DataError
        for what is no answer of Comtrade v1, one with an error, or one cut at the limit.
    """
    try:
        answer = json.loads(raw.decode("utf-8"))
        rows = [dict(r) for r in answer["data"]]
        error = answer.get("error")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise DataError(
            f"{name}: is not an answer of Comtrade v1 ({type(e).__name__}). Ask again later"
        ) from None
    if error:
        raise DataError(f"{name}: Comtrade says: {error}")
    if len(rows) == CUT_OFF[0] or len(rows) >= CUT_OFF[1]:
        raise DataError(
            f"{name}: {len(rows)} records, where the service cuts off: ask for fewer months "
            "or codes"
        )
    return rows
