# SPDX-License-Identifier: Apache-2.0
"""The services that answer questions on trade without a contract: where each is asked, how often,
and what its answers hold.

Eurostat answers for the Union as a whole, ten goods a call and all months at once. Comtrade's
public preview takes one month a call and cuts off at 500 rows. The US Census takes all hubs and ten
goods a call, HMRC one hub and ten goods. The IMF has totals by month of the hubs' own trade with
Russia, and China's customs a page a month with a table by country.

References: SDMX 2.1 REST key ``FREQ.REPORTER.PARTNER.PRODUCT.FLOW.INDICATORS`` with ``+`` for "or";
IMTS ``COUNTRY.INDICATOR.COUNTERPART_COUNTRY.FREQUENCY``; an answer has DATAFLOW, the dimensions,
TIME_PERIOD and OBS_VALUE as columns. Answers of the Census, HMRC and China's customs:
:mod:`bilat.formats.trade.answers`.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from bilat.errors import DataError, UsageError
from bilat.formats.trade import answers
from bilat.holdings import comtrade
from bilat.places.place_codes import alpha2_of, census_number

#: Goods of one call: the address stays short, and an answer below a megabyte or two.
GOODS_A_CALL = 10
#: Rows at which Comtrade's preview cuts an answer off.
PREVIEW_ROWS = 500
#: Rows of a page of HMRC's.
PAGE_ROWS = 10_000

Row = tuple[str, ...]


@dataclass(frozen=True)
class TradeQuestion:
    """What is asked about trade: hubs, goods by six digits, and months."""

    hubs: tuple[str, ...]
    codes: tuple[str, ...]
    months: tuple[str, ...]  #: YYYYMM

    @property
    def first(self) -> str:
        """The first month, as YYYY-MM."""
        return f"{self.months[0][:4]}-{self.months[0][4:]}"

    @property
    def last(self) -> str:
        """The last month, as YYYY-MM."""
        return f"{self.months[-1][:4]}-{self.months[-1][4:]}"

    def batches(self) -> list[tuple[str, ...]]:
        """Return the goods in parts of one call each."""
        every = range(0, len(self.codes), GOODS_A_CALL)
        return [self.codes[i : i + GOODS_A_CALL] for i in every]


@dataclass(frozen=True)
class TradeCall:
    """One call to a publisher, and the file that keeps its answer."""

    publisher: str
    url: str  #: "" where an earlier answer has the address
    file: str
    index: str = ""  #: file of the page that links to the answer
    month: str = ""  #: YYYY-MM, where the answer is of one month
    is_index: bool = False  #: whether the answer only links to others

    @property
    def seconds(self) -> float:
        """Seconds that it takes, with the pause before it."""
        return SERVICES[self.publisher].pause + ANSWER_SECONDS


#: Seconds that a call takes beside its pause, for the plan alone.
ANSWER_SECONDS = 1.5


@dataclass(frozen=True)
class TradeService:
    """A publisher's service: what it is asked, and what its answers hold."""

    name: str
    who: str  #: as a person reads it
    source: str  #: of the catalog, whose table its rows go to
    about: str  #: what it knows
    address: str
    pause: float  #: seconds between two calls
    columns: Row
    key: Row  #: columns that name a row: of two answers the later one holds
    month: str  #: column of the month
    plan: Callable[[TradeQuestion, str], list[TradeCall]]
    read: Callable[[TradeCall, bytes], list[Row]]
    by_good: bool = True
    currency: str = "USD"
    empty: tuple[int, ...] = ()  #: statuses that mean: no rows
    page: int = 0  #: rows of a full page, where an answer has several
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, str] = ("", "")  #: (parameter, variable of the environment) of a free key
    most_bytes: int = 20_000_000

    def signed(self, url: str) -> tuple[str, str]:
        """Return (the address with the user's key, the key); the key is "" where there is none."""
        parameter, variable = self.secret
        key = os.environ.get(variable, "").strip() if variable else ""
        return (f"{url}&{parameter}={quote(key, safe='')}" if key else url), key


# -- Eurostat --------------------------------------------------------------------------------------

_EUROSTAT = "https://ec.europa.eu/eurostat"
_COMEXT = (
    *("DATAFLOW", "LAST UPDATE", "freq", "reporter", "partner", "product", "flow", "indicators"),
    *("TIME_PERIOD", "OBS_VALUE"),
)


def _plan_comext(asked: TradeQuestion, address: str) -> list[TradeCall]:
    """Return the calls for the Union's exports of some goods to each hub, in all months."""
    months = {"startPeriod": asked.first, "endPeriod": asked.last, "format": "SDMX-CSV"}
    calls = []
    for hub in asked.hubs:
        for codes in asked.batches():
            goods = "+".join(codes)
            key = f"M.EU27_2020.{_alpha2(hub)}.{goods}.2.VALUE_IN_EUROS+QUANTITY_IN_100KG"
            name = f"comext-{hub}-{codes[0]}-{codes[-1]}-{asked.first}-{asked.last}.csv"
            calls.append(TradeCall("comext", f"{address}/{key}?{urlencode(months)}", name))
    return calls


def _read_comext(call: TradeCall, raw: bytes) -> list[Row]:
    return _table(call, raw, _COMEXT, "Eurostat's")


# -- UN Comtrade -----------------------------------------------------------------------------------

_COMTRADE = (
    *("reporterCode", "partnerCode", "cmdCode", "flowCode", "period", "primaryValue", "netWgt"),
    *("partner2Code", "motCode", "customsCode"),
)


def _plan_comtrade(asked: TradeQuestion, address: str) -> list[TradeCall]:
    """Return the calls for each hub's exports of the goods to Russia, a month each."""
    more = urlencode({"maxRecords": PREVIEW_ROWS, "breakdownMode": "classic"})
    calls = []
    for hub in asked.hubs:
        for month in asked.months:
            query = comtrade.PlannedQuery(hub, "RUS", "X", asked.codes, (month,))
            url = f"{query.url.replace(comtrade.SERVICE, address, 1)}&{more}"
            period = f"{month[:4]}-{month[4:]}"
            calls.append(TradeCall("comtrade", url, f"preview-{query.file}", month=period))
    return calls


def _read_comtrade(call: TradeCall, raw: bytes) -> list[Row]:
    if not raw:
        return []
    found = comtrade.rows_of(call.file, raw)
    if len(found) >= PREVIEW_ROWS:
        raise DataError(
            f"{call.file}: {len(found)} rows, where the preview cuts off: ask for fewer goods"
        )
    return [tuple(_cell(row.get(c)) for c in _COMTRADE) for row in found]


# -- US Census Bureau ------------------------------------------------------------------------------


def _plan_census(asked: TradeQuestion, address: str) -> list[TradeCall]:
    """Return the calls for the exports of the United States of some goods to all hubs."""
    numbers = {hub: census_number(hub) for hub in asked.hubs}
    if missing := next((hub for hub, number in numbers.items() if number is None), None):
        raise UsageError(f"{missing}: the US Census Bureau has no number for it: leave it out")
    states = "&".join(f"CTY_CODE={numbers[hub]}" for hub in asked.hubs)
    span = f"time=from+{asked.first}+to+{asked.last}"
    calls = []
    for codes in asked.batches():
        goods = "&".join(f"E_COMMODITY={code}" for code in codes)
        url = f"{address}?get=CTY_NAME,ALL_VAL_MO&COMM_LVL=HS6&{span}&{states}&{goods}"
        name = f"census-{comtrade.digest((*asked.hubs, *codes))}-{asked.first}-{asked.last}.json"
        calls.append(TradeCall("census", url, name))
    return calls


def _read_census(call: TradeCall, raw: bytes) -> list[Row]:
    return answers.census_rows(call.file, raw) if raw else []


# -- HMRC ------------------------------------------------------------------------------------------


def _plan_hmrc(asked: TradeQuestion, address: str) -> list[TradeCall]:
    """Return the calls for the exports of the United Kingdom of some goods to each hub."""
    calls = []
    span = f"MonthId ge {asked.months[0]} and MonthId le {asked.months[-1]}"
    expand = "Commodity($select=Hs6Code),Country($select=CountryCodeAlpha)"
    for hub in asked.hubs:
        for codes in asked.batches():
            goods = " or ".join(f"Commodity/Hs6Code eq '{code}'" for code in codes)
            where = (
                f"{span} and (FlowTypeId eq 2 or FlowTypeId eq 4) and "
                f"Country/CountryCodeAlpha eq '{_alpha2(hub)}' and ({goods})"
            )
            asked_for = {"$filter": where, "$expand": expand, "$top": str(PAGE_ROWS)}
            query = urlencode(asked_for, quote_via=quote, safe="$(),=/'")
            name = f"hmrc-{hub}-{codes[0]}-{codes[-1]}-{asked.first}-{asked.last}.json"
            calls.append(TradeCall("hmrc", f"{address}?{query}", name))
    return calls


def _read_hmrc(call: TradeCall, raw: bytes) -> list[Row]:
    return answers.hmrc_rows(call.file, raw) if raw else []


# -- IMF -------------------------------------------------------------------------------------------

_IMTS = (
    *("DATAFLOW", "COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY", "TIME_PERIOD"),
    "OBS_VALUE",
)


def _plan_imts(asked: TradeQuestion, address: str) -> list[TradeCall]:
    """Return a call for each hub's trade with Russia and with the world, in both directions."""
    span = urlencode({"startPeriod": asked.first, "endPeriod": asked.last})
    calls = []
    for hub in asked.hubs:
        key = f"{hub}.XG_FOB_USD+MG_CIF_USD.RUS+G001.M"
        name = f"imts-{hub}-{asked.first}-{asked.last}.csv"
        calls.append(TradeCall("imts", f"{address}/{key}?{span}", name))
    return calls


def _read_imts(call: TradeCall, raw: bytes) -> list[Row]:
    rows = _table(call, raw, _IMTS, "the IMF's", first_alone=True)
    return [row for row in rows if row[-1] not in ("", "NaN")]


# -- China's customs -------------------------------------------------------------------------------


def _plan_gacc(asked: TradeQuestion, address: str) -> list[TradeCall]:
    """Return the call for the index of each year, and those for the table of each of its months."""
    calls = []
    for year in sorted({month[:4] for month in asked.months}):
        index = f"gacc-index-{year}.html"
        calls.append(TradeCall("gacc", f"{address}{year}.html", index, is_index=True))
        for month in (m for m in asked.months if m[:4] == year):
            period = f"{month[:4]}-{month[4:]}"
            name = f"gacc-{period}.html"
            calls.append(TradeCall("gacc", "", name, index=index, month=period))
    return calls


def _read_gacc(call: TradeCall, raw: bytes) -> list[Row]:
    if not raw:
        return []
    if call.is_index:
        answers.gacc_link(call.file, raw, 1)
        return []
    return answers.gacc_rows(call.file, raw, call.month)


# -- shared ----------------------------------------------------------------------------------------


def _alpha2(state: str) -> str:
    found = alpha2_of(state)
    if found is None:
        raise UsageError(f"{state} is a group: publishers are asked about single states")
    return found


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _table(
    call: TradeCall, raw: bytes, header: Row, whose: str, *, first_alone: bool = False
) -> list[Row]:
    """Return the rows of a delimited answer, in the columns asked for.

    ``first_alone``: the order of the columns after the first may change.
    """
    if not raw:
        return []
    text = raw.decode("utf-8-sig", "replace")
    found = csv.reader(io.StringIO(text))
    head = next(found, [])
    fits = head[:1] == list(header[:1]) if first_alone else head[: len(header)] == list(header)
    if not fits or not set(header) <= set(head):
        raise DataError(f"{call.file}: is not a table of {whose}: it begins {raw[:60]!r}")
    at = [head.index(c) for c in header]
    rows = []
    for cells in found:
        if cells and len(cells) != len(head):
            raise DataError(
                f"{call.file}: line {found.line_num}: {len(cells)} cells under {len(head)} "
                "columns: the answer was cut. Ask again later"
            )
        if cells:
            rows.append(tuple(cells[i] for i in at))
    return rows


def joined_pages(pages: Sequence[bytes]) -> bytes:
    """Return the pages of an answer as one answer."""
    rows: list[object] = []
    for page in pages:
        rows += json.loads(page)["value"]
    return json.dumps({"value": rows}).encode()


def rows_of(call: TradeCall, path: Path) -> list[Row]:
    """Return the rows of a kept answer.

    Raises
    ------
    DataError
        for what is no answer to this call, or was cut off.
    """
    return SERVICES[call.publisher].read(call, path.read_bytes())


SERVICES: dict[str, TradeService] = {
    service.name: service
    for service in (
        TradeService(
            name="comext",
            who="Eurostat",
            source="comext_goods",
            about="what the EU sells to the hubs, by good",
            address=f"{_EUROSTAT}/api/comext/dissemination/sdmx/2.1/data/DS-045409",
            pause=1.0,
            columns=_COMEXT,
            key=("reporter", "partner", "product", "flow", "indicators", "TIME_PERIOD"),
            currency="EUR",
            month="TIME_PERIOD",
            plan=_plan_comext,
            read=_read_comext,
            empty=(404,),
        ),
        TradeService(
            name="census",
            who="US Census Bureau",
            source="us_census_goods",
            about="what the United States sells to the hubs, by good",
            address="https://api.census.gov/data/timeseries/intltrade/exports/hs",
            pause=1.0,
            columns=answers.CENSUS_HEADER,
            key=("CTY_CODE", "E_COMMODITY", "time"),
            month="time",
            plan=_plan_census,
            read=_read_census,
            empty=(204,),
            secret=("key", "CENSUS_API_KEY"),
        ),
        TradeService(
            name="hmrc",
            who="HMRC",
            source="hmrc_goods",
            about="what the United Kingdom sells to the hubs, by good, in pounds",
            address="https://api.uktradeinfo.com/OTS",
            pause=1.1,
            columns=answers.HMRC_HEADER,
            key=("MonthId", "FlowTypeId", "Country", "Hs6Code"),
            currency="GBP",
            month="MonthId",
            plan=_plan_hmrc,
            read=_read_hmrc,
            page=PAGE_ROWS,
        ),
        TradeService(
            name="imts",
            who="International Monetary Fund",
            source="imf_trade",
            about="each hub's whole trade with Russia and the world, both ways",
            address="https://api.imf.org/external/sdmx/2.1/data/IMF.STA,IMTS",
            pause=1.0,
            columns=_IMTS,
            key=("COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "TIME_PERIOD"),
            month="TIME_PERIOD",
            plan=_plan_imts,
            read=_read_imts,
            by_good=False,
            empty=(404,),
            headers={"Accept": "application/vnd.sdmx.data+csv;version=1.0.0"},
        ),
        TradeService(
            name="gacc",
            who="General Administration of Customs of China",
            source="gacc_trade",
            about="China's whole trade with each state, both ways",
            address="https://english.customs.gov.cn/statics/report/monthly",
            pause=2.0,
            columns=answers.GACC_HEADER,
            key=("period", "partner", "flow"),
            month="period",
            plan=_plan_gacc,
            read=_read_gacc,
            by_good=False,
        ),
        TradeService(
            name="comtrade",
            who="UN Comtrade",
            source="comtrade_goods",
            about="what the hubs sell to Russia, by good",
            address="https://comtradeapi.un.org/public/v1/preview/C/M/HS",
            pause=2.0,
            columns=_COMTRADE,
            key=("reporterCode", "partnerCode", "cmdCode", "flowCode", "period"),
            month="period",
            plan=_plan_comtrade,
            read=_read_comtrade,
        ),
    )
}
