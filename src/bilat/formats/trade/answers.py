# SPDX-License-Identifier: Apache-2.0
"""Answers of trade services that are no delimited file: the US Census, HMRC, China's customs.

Each function returns the publisher's rows as cells of text under the publisher's own names, and
refuses what is no answer: what they mean is said by the source's ``[read]``.

References: Census API (an array of arrays whose first row is the header; an answer without rows is
HTTP 204); HMRC's ``OTS`` by OData (``value``; pages by ``$skip``, no link to the next one);
the English pages of China's customs (an index with a link a month, and a table by country).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from bilat.errors import DataError

CENSUS_HEADER = ("CTY_CODE", "CTY_NAME", "E_COMMODITY", "ALL_VAL_MO", "time")
HMRC_HEADER = (
    *("MonthId", "FlowTypeId", "SuppressionIndex", "Country", "Hs6Code", "CommodityId", "PortId"),
    *("Value", "NetMass"),
)
GACC_HEADER = ("period", "partner", "flow", "value", "currency", "scale")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b.*?</t[dh]>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(
    r"<a\b[^>]*href\s*=\s*[\"']?([^\"'\s>]+)[\"']?[^>]*>\s*([A-Za-z]{3})", re.IGNORECASE
)
_BY_COUNTRY = re.compile(r"by (?:major )?country", re.IGNORECASE)
_UNIT = re.compile(
    r"unit\s*:?\s*(?P<currency>USD|US\$|CNY|RMB)\s*(?P<number>[\d,]*)\s*(?P<word>million|billion)?",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b((?:{'|'.join(_MONTHS)})[a-z]*|1[0-2]|[1-9])[.,\s]+((?:19|20)\d\d)\b", re.IGNORECASE
)
_WORDS = {"": 1.0, "million": 1e6, "billion": 1e9}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def census_rows(name: str, raw: bytes) -> list[tuple[str, ...]]:
    """Return the rows of an answer of the Census: exports by country, good and month.

    Raises
    ------
    DataError
        for a page, another header, or a row of another length.
    """
    table = _json(name, raw, "the US Census Bureau")
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise DataError(f"{name}: is not a table of the US Census Bureau. Ask again later")
    header, *rows = table or [[]]
    missing = [c for c in CENSUS_HEADER if c not in header]
    if missing:
        raise DataError(
            f"{name}: the answer of the US Census Bureau has no column {missing[0]}: it has "
            f"{', '.join(map(str, header))[:120]}. The service has changed: upgrade bilat"
        )
    at = [header.index(c) for c in CENSUS_HEADER]
    out = []
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise DataError(
                f"{name}: row {number}: {len(row)} cells under {len(header)} columns: the answer "
                "was cut. Ask again later"
            )
        out.append(tuple("" if row[i] is None else str(row[i]) for i in at))
    return out


def hmrc_rows(name: str, raw: bytes) -> list[tuple[str, ...]]:
    """Return the rows of a page of HMRC's overseas trade statistics.

    Raises
    ------
    DataError
        for a page of the web, or a row without month, country, good or value.
    """
    answer = _json(name, raw, "HMRC")
    rows = answer.get("value") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        said = str(answer)[:80]
        raise DataError(
            f"{name}: is not an answer of HMRC's trade service: {said}. Ask again later"
        )
    return [_hmrc_row(name, number, row) for number, row in enumerate(rows, 1)]


def _hmrc_row(name: str, number: int, row: Any) -> tuple[str, ...]:
    flat = dict(row) if isinstance(row, dict) else {}
    country = flat.get("Country")
    goods = flat.get("Commodity")
    flat["Country"] = country.get("CountryCodeAlpha") if isinstance(country, dict) else None
    flat["Hs6Code"] = goods.get("Hs6Code") if isinstance(goods, dict) else None
    flat.setdefault("SuppressionIndex", 0)
    for column in ("MonthId", "FlowTypeId", "Country", "Hs6Code"):
        if flat.get(column) in (None, ""):
            raise DataError(
                f"{name}: row {number}: no {column}: the service has changed. Upgrade bilat"
            )
    cells = (flat.get(c) for c in HMRC_HEADER)
    return tuple("" if cell is None else str(cell) for cell in cells)


def gacc_link(name: str, raw: bytes, month: int) -> str:
    """Return the address of a month's table by country, in dollars, on an index page; "" if the
    month is not out.

    Raises
    ------
    DataError
        for a page without a row of that table.
    """
    page = raw.decode("utf-8", "replace")
    rows = [row for row in _ROW.findall(page) if _BY_COUNTRY.search(_plain(row))]
    dollars = [row for row in rows if not re.search(r"\b(?:CNY|RMB)\b", _plain(row))]
    if not dollars:
        raise DataError(
            f"{name}: has no table by country in dollars: it is not the index of China's customs, "
            "or the page has changed. Open it by hand"
        )
    found = {text[:3].lower(): there for there, text in _LINK.findall(dollars[0])}
    return html.unescape(found.get(_MONTHS[month - 1], ""))


def gacc_rows(name: str, raw: bytes, period: str) -> list[tuple[str, ...]]:
    """Return China's exports to and imports from each state in a month, by a page of customs.

    The columns of the month alone are taken: a page that has January and February together has no
    such columns and gives no row, nor does a cell that overflowed (``####``).

    Raises
    ------
    DataError
        for a page of another month or table, or without its unit.
    """
    page = raw.decode("utf-8", "replace")
    year, month = int(period[:4]), int(period[5:])
    _refuse_other_month(name, page, year, month)
    currency, scale = _unit(name, page)
    cells = [[_plain(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(page)]
    head, below, rest = _table_head(name, cells)
    at = _month_columns(head, below, month)
    out: list[tuple[str, ...]] = []
    for row in rest:
        state = re.sub(r"^of which\s*:\s*", "", row[0] if row else "", flags=re.IGNORECASE)
        for flow, column in at.items():
            cell = row[column] if column < len(row) else ""
            if state and _NUMBER.fullmatch(cell):
                value = cell.replace(",", "")
                out.append((period, state, flow, value, currency, f"{scale:g}"))
    return out


def _refuse_other_month(name: str, page: str, year: int, month: int) -> None:
    """Refuse a page whose title is of another month or of another table."""
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL | re.IGNORECASE)
    said = _plain(title[1]) if title else ""
    dates = {
        (int(of), int(n) if n.isdigit() else _MONTHS.index(n[:3].lower()) + 1)
        for n, of in _DATE.findall(said)
    }
    if not _BY_COUNTRY.search(said) or (dates and (year, month) not in dates):
        raise DataError(
            f"{name}: the page is {said[:90]!r}, not the table by country of {year}-{month:02d}. "
            "Ask again later"
        )


def _unit(name: str, page: str) -> tuple[str, float]:
    """Return (currency, factor) of a page's figures."""
    found = _UNIT.search(_plain(page))
    if found is None:
        raise DataError(f"{name}: does not say its unit: open the page by hand")
    currency = "USD" if found["currency"].upper() in ("USD", "US$") else "CNY"
    number = float(found["number"].replace(",", "") or 1)
    return currency, number * _WORDS[(found["word"] or "").lower()]


def _table_head(
    name: str, rows: Sequence[list[str]]
) -> tuple[list[str], list[str], list[list[str]]]:
    """Return the two rows of the head of the table, and the rows below it."""
    for at, row in enumerate(rows[:-1]):
        if sum(cell in ("Export", "Exports") for cell in row) and "Import" in " ".join(row):
            return row, rows[at + 1], list(rows[at + 2 :])
    raise DataError(f"{name}: has no table with Export and Import: open the page by hand")


def _month_columns(head: Sequence[str], below: Sequence[str], month: int) -> dict[str, int]:
    """Return the columns of exports and of imports in the month alone; {} where the page has none.

    The second row has the number of the month, or ``1-to-3`` for the sum of the year so far.
    """
    found: dict[str, int] = {}
    for column, (over, under) in enumerate(zip(head, below, strict=False)):
        flow = {"export": "X", "exports": "X", "import": "M", "imports": "M"}.get(over.lower())
        if flow and under.strip() == str(month):
            found.setdefault(flow, column)
    return found


def _plain(text: str) -> str:
    """Return what a piece of a page says, without its marks and with single blanks."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    said = html.unescape(re.sub(r"<[^>]*>", "", bare))
    for wide, narrow in (("（", "("), ("）", ")"), ("\xa0", " ")):
        said = said.replace(wide, narrow)
    return re.sub(r"\s+", " ", said).strip()


def _json(name: str, raw: bytes, who: str) -> Any:
    if not raw.strip():
        return []
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        start = raw[:60].decode("utf-8", "replace")
        raise DataError(
            f"{name}: is not an answer of {who}: it begins {start!r}. Ask again later"
        ) from None
