# SPDX-License-Identifier: Apache-2.0
"""What to ask of UN Comtrade to see what the holdings cannot: who sells listed goods to Russia, by HS6.

``plan()`` lists the exact queries; ``pull()`` carries them out with a user's key, one file per query, at
the API's rate, and takes an interrupted pull up where it stopped.
API: https://comtradedeveloper.un.org (data/v1/get; 250,000 records a call with a key).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilat.dyad import DataError, UsageError, numeric
from bilat.trade.baskets import basket, successors
from bilat.trade.formats.places import by_number

BASE = "https://comtradeapi.un.org/data/v1/get/C"
#: The hubs and suppliers whose sales to Russia the holdings lack, and their own purchases as leg one.
EXPORTERS = ("CHN", "HKG", "TUR", "ARE")
HUBS = ("HKG", "TUR", "ARE", "KGZ", "KAZ", "ARM", "GEO", "UZB")
#: Periods a call may name, and codes that keep an address of bearable length.
PERIODS_PER_CALL = 12
CODES_PER_CALL = 60
#: Records that one call returns at most: an answer of that length was cut.
MOST_RECORDS = 250_000


@dataclass(frozen=True)
class Query:
    """One call: who reports, with whom, which flow, codes and periods; ``why`` it is asked."""

    reporter: str
    partners: tuple[str, ...]
    flow: str
    codes: tuple[str, ...]
    periods: tuple[str, ...]
    why: str

    @property
    def frequency(self) -> str:
        return "M" if len(self.periods[0]) == 6 else "A"

    @property
    def name(self) -> str:
        """A file name: the same query always has the same."""
        return f"{self.reporter}-{self.flow}-{'_'.join(self.partners) or 'all'}-{self.periods[0]}-{self.codes[0]}.json"

    @property
    def parameters(self) -> dict[str, str]:
        found = {
            "reporterCode": str(_number(self.reporter)), "flowCode": self.flow, "cmdCode": ",".join(self.codes),
            "period": ",".join(self.periods), "partner2Code": "0", "motCode": "0", "customsCode": "C00",
        }  # fmt: skip
        if self.partners:
            found["partnerCode"] = ",".join(str(_number(p)) for p in self.partners)
        return found

    @property
    def url(self) -> str:
        listed = "&".join(f"{k}={v}" for k, v in self.parameters.items())
        return f"{BASE}/{self.frequency}/HS?{listed}"


def _number(code: str) -> int:
    """Comtrade's own number of a country: 842 for the United States, not ISO's 840."""
    own = {iso: n for n, iso in by_number().items() if n in (842, 251, 699, 757, 579, 490)}
    found = own.get(code, numeric(code))
    if found is None:
        raise UsageError(f"{code} has no Comtrade number")
    return found


def plan(
    first: str = "2019-01",
    last: str = "2024-12",
    basket_name: str = "chpl",
    exporters: Sequence[str] = EXPORTERS,
    hubs: Sequence[str] = HUBS,
    target: str = "RUS",
) -> list[Query]:
    """The queries that would fill what the holdings lack, by month (``2019-01``) or year (``2019``)."""
    chosen = basket(basket_name)
    earlier = {old for old, new in successors().items() if any(n in chosen.codes for n in new)}
    codes = sorted({c[:6] for c in chosen.codes} | earlier)
    if not codes:
        raise UsageError(f"basket {basket_name!r} is made of prefixes: Comtrade is asked by code")
    periods = _periods(first, last)
    out = []
    for batch in _batches(periods, PERIODS_PER_CALL):
        for part in _batches(codes, CODES_PER_CALL):
            for who in dict.fromkeys((*exporters, *hubs)):
                out.append(Query(who, (target,), "X", part, batch, "leg two: what it sells to the target"))
            for hub in hubs:
                out.append(Query(hub, (), "M", part, batch, "leg one: what it buys, by origin"))
    return out


def _batches(items: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(items[n : n + size]) for n in range(0, len(items), size)]


def _periods(first: str, last: str) -> list[str]:
    try:
        if len(first) == 4 and len(last) == 4:
            found = [str(y) for y in range(int(first), int(last) + 1)]
        else:
            a, b = (int(p[:4]) * 12 + int(p[5:7]) - 1 for p in (first, last))
            found = [f"{m // 12}{m % 12 + 1:02d}" for m in range(a, b + 1)]
    except (ValueError, IndexError):
        found = []
    if not found:
        raise UsageError(
            f"periods {first!r} to {last!r}: write two years, or two months as 2019-01, in order"
        )
    return found


def pull(
    queries: Sequence[Query],
    folder: Path,
    key: str,
    *,
    pause: float = 1.0,
    tries: int = 5,
    base: str | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Path]:
    """Carry the plan out; one JSON a query in ``folder``, those already there are not asked again.

    Parameters
    ----------
    pause
        seconds between calls. A refusal for the rate (429) waits as long as the API says.
    base
        another address than Comtrade's, for tests.

    Raises
    ------
    UsageError
        without a key, or with one that the API refuses.
    DataError
        when the API keeps failing, or cuts an answer at its limit; what came before stays.
    """
    import httpx

    if not key:
        raise UsageError(
            "Comtrade wants a key: get a free one at comtradedeveloper.un.org and set COMTRADE_API_KEY"
        )
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    with httpx.Client(timeout=120, headers={"Ocp-Apim-Subscription-Key": key}) as client:
        for n, query in enumerate(queries, start=1):
            path = folder / query.name
            if not path.exists():
                url = query.url if base is None else query.url.replace(BASE, base)
                body = _ask(client, url, pause, tries, sleep)
                records = body.get("data")
                if not isinstance(records, list):
                    raise DataError(f"Comtrade answered {query.name} without data: {str(body)[:120]}")
                if len(records) >= MOST_RECORDS:
                    raise DataError(
                        f"{query.name}: cut at {MOST_RECORDS:,} records: ask for fewer periods a call"
                    )
                part = path.with_suffix(".part")
                part.write_text(json.dumps(body), "utf-8")
                part.replace(path)
                if n < len(queries):
                    sleep(pause)
            made.append(path)
            if progress is not None:
                progress(n, len(queries), query.name)
    return made


def _ask(client: Any, url: str, pause: float, tries: int, sleep: Callable[[float], None]) -> dict[str, Any]:
    import httpx

    said = ""
    for attempt in range(tries):
        try:
            answer = client.get(url)
        except httpx.HTTPError as e:
            said = str(e) or type(e).__name__
            sleep(pause * 2**attempt)
            continue
        if answer.status_code in (401, 403):
            raise UsageError(
                f"Comtrade refuses the key ({answer.status_code}): check COMTRADE_API_KEY and its quota"
            )
        if answer.status_code == 200:
            found: dict[str, Any] = answer.json()
            return found
        said = f"status {answer.status_code}"
        wait = answer.headers.get("retry-after", "")
        sleep(float(wait) if wait.isdigit() else pause * 2**attempt)
    raise DataError(
        f"Comtrade gives no answer after {tries} tries ({said}); run again later, nothing is lost"
    )
