# SPDX-License-Identifier: Apache-2.0
"""What must agree between the files of one question: periods, the level of the HS, and the
currency.

Codes are the same the world over to the sixth digit only: beyond it the EU (CN8), China or the
person's own list go each their way. So files at different levels, or of different lists, meet at
HS6, where the finer ones are summed. Euros become dollars at the year's average rate where the
other files are in dollars. Everything else that does not go together is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from bilat.engine import quote
from bilat.errors import DataError
from bilat.formats.trade.shape import SUM_OF_WEIGHTS, Shaped
from bilat.units import exchange

_KEY = "reporter, partner, product, period, flow"
#: Digits to which codes are the same in every country.
COMMON = 6


@dataclass(frozen=True)
class _Held:
    """What one file holds, from two cheap scans."""

    file: Shaped
    codes: frozenset[str]  #: without TOTAL
    periods: frozenset[str]

    @property
    def long(self) -> frozenset[int]:
        """Lengths of its codes beyond six digits."""
        return frozenset(len(c) for c in self.codes if len(c) > COMMON)


def agree(
    files: Sequence[Shaped], work: Path, years: tuple[str, str]
) -> tuple[tuple[Shaped, ...], str]:
    """The files brought to one level and one currency, and that currency.

    ``years``: the first and the last that the question uses; a rate outside them is not needed.

    Raises
    ------
    DataError
        for overlapping levels of the HS, years beside months, currencies that are not converted, a
        year without a rate, and a figure that stands in two files.
    """
    with duckdb.connect(
        ":memory:", config={"memory_limit": "1GB", "threads": 2, "temp_directory": str(work)}
    ) as con:
        looks = [_look(con, s) for s in files]
        for h in looks:
            _refuse_overlap([h])
        _refuse_mixed_periods(looks)
        rolled = _to_roll(looks)
        if rolled:
            _refuse_two_levels(con, files)
        rates = _rates(looks, years)
        out = tuple(
            _rewritten(
                con,
                h,
                work,
                why=rolled,
                rates=rates if h.file.currency == "EUR" else {},
                years=years,
            )
            for h in looks
        )
        if len(out) > 1:
            if out != tuple(files):
                looks = [_look(con, s) for s in out]
            _refuse_overlap(looks)
            _refuse_twice(con, out)
    return out, out[0].currency


def _look(con: duckdb.DuckDBPyConnection, shaped: Shaped) -> _Held:
    at = f"read_parquet({quote(shaped.parquet)})"
    codes = con.execute(f"SELECT DISTINCT product FROM {at} WHERE product <> 'TOTAL'").fetchall()
    periods = con.execute(f"SELECT DISTINCT period FROM {at}").fetchall()
    return _Held(shaped, frozenset(c for (c,) in codes), frozenset(p for (p,) in periods))


def _refuse_overlap(looks: Sequence[_Held]) -> None:
    """Refuse a code that contains another one, in one file or between files."""
    found: dict[str, str] = {}
    for h in looks:
        found |= dict.fromkeys(h.codes, h.file.path.name)
    sizes = sorted({len(c) for c in found})
    for code in sorted(found):
        above = next((code[:n] for n in sizes if n < len(code) and code[:n] in found), None)
        if above is not None:
            one = found[above] == found[code]
            raise DataError(
                f"{looks[0].file.path if one and len(looks) == 1 else found[above]}: the product "
                f"{above} contains the product {code}, which is there "
                f"too{'' if one else f' (in {found[code]})'}: adding them would count double. Keep "
                f"one level of the HS (the rows of {len(code)} digits)"
            )
    for h in looks:
        for odd in (9, 11):
            # Ten and twelve digits that lost a leading zero; nine and eleven alone are lists of
            # their own.
            if {odd, odd + 1} <= h.long:
                short = min(c for c in h.codes if len(c) == odd)
                raise DataError(
                    f"{h.file.path}: the product {short} has {odd} digits, others {odd + 1}: "
                    "leading zeros are lost. Write the codes as text"
                )


def _refuse_mixed_periods(held: Sequence[_Held]) -> None:
    by: dict[int, tuple[str, str]] = {}
    for h in held:
        for p in sorted(h.periods):
            by.setdefault(len(p), (p, h.file.path.name))
    if len(by) > 1:
        (year, one), (month, two) = by[4], by[7]
        where = f"{held[0].file.path}" if len(held) == 1 else one if one == two else f"{one}, {two}"
        raise DataError(
            f"{where}: years ({year}) appear next to months ({month}) of the same trade. Give one "
            "or "
            "the other"
        )


def _to_roll(held: Sequence[_Held]) -> str:
    """Why codes beyond six digits must be summed to HS6; empty where they need not be."""
    fine = [h for h in held if h.long]
    if len(held) < 2 or not fine:
        return ""
    coarse = next((h for h in held if any(len(c) <= COMMON for c in h.codes)), None)
    if coarse is not None:
        return f"{coarse.file.path.name} has codes of at most {COMMON} digits"
    lists = sorted({h.file.codes for h in fine})
    lengths = sorted(set().union(*(h.long for h in fine)))
    if len(lists) > 1 or len(lengths) > 1:
        return "the files' lists of goods are the same to the sixth digit only"
    return ""


def _union(files: Sequence[Shaped]) -> str:
    return " UNION ALL ".join(
        f"SELECT {_KEY}, {n} AS file, {quote(s.codes)} AS list FROM "
        f"read_parquet({quote(s.parquet)})"
        for n, s in enumerate(files)
    )


def _refuse_two_levels(con: duckdb.DuckDBPyConnection, files: Sequence[Shaped]) -> None:
    """The same pair's trade in one HS6 code, at two levels or of two lists, would be added up."""
    found = con.execute(
        f"SELECT reporter, partner, flow, substr(product, 1, {COMMON}), min(file), max(file) FROM "
        f"(SELECT *, CASE WHEN length(product) > {COMMON} THEN list || length(product) ELSE '' END "
        f"AS level FROM ({_union(files)})) WHERE length(product) >= {COMMON} AND product <> "
        "'TOTAL' GROUP BY 1, 2, 3, 4 HAVING min(level) < max(level) LIMIT 1"
    ).fetchone()
    if found is not None:
        one = files[found[4]].path.name
        two = files[found[5]].path.name
        raise DataError(
            f"{one}, {two}: the trade of {found[0]} with {found[1]} ({found[2]}) in {found[3]} "
            "appears at two levels of the HS; adding them would count double: take it out of one"
        )


def _rates(held: Sequence[_Held], years: tuple[str, str]) -> dict[str, float]:
    """Dollars for a euro in every year that needs one; empty where the files are in one
    currency.
    """
    currencies = {h.file.currency for h in held}
    if len(currencies) == 1:
        return {}
    told = ", ".join(f"{h.file.path.name} is in {h.file.currency}" for h in held[:6])
    other = next((h for h in held if h.file.currency not in ("EUR", "USD")), None)
    if other is not None:
        raise DataError(
            f"mixed units: {told}; bilat converts euros to dollars and nothing else: give "
            f"{other.file.path.name} in USD"
        )
    rates = exchange.usd_per_eur()
    for h in (h for h in held if h.file.currency == "EUR"):
        missing = sorted({p[:4] for p in h.periods if years[0] <= p[:4] <= years[1]} - set(rates))
        if missing:
            last = max(rates)
            cure = f", or end the question with `until` {last}-12" if missing[0] > last else ""
            raise DataError(
                f"{h.file.path}: mixed units ({told}), and there is no yearly rate of the euro for "
                f"{missing[0]} (there are those of {min(rates)} to {last}): give the file in USD, "
                f"or without that year{cure}"
            )
    return rates


def _rewritten(
    con: duckdb.DuckDBPyConnection,
    look: _Held,
    work: Path,
    why: str,
    rates: dict[str, float],
    years: tuple[str, str],
) -> Shaped:
    """The file at HS6 and in dollars; the file itself where neither is needed."""
    s = look.file
    rolls = bool(why and look.long)
    if not rolls and not rates:
        return s
    notes = list(s.notes)
    columns = {
        d[0]
        for d in con.execute(f"SELECT * FROM read_parquet({quote(s.parquet)}) LIMIT 0").description
    }
    weight = "CAST(quantity AS DOUBLE)" if "quantity" in columns else "CAST(NULL AS DOUBLE)"
    body = (
        f"SELECT {_KEY}, CAST(value AS DOUBLE) AS value, {weight} AS quantity FROM "
        f"read_parquet({quote(s.parquet)})"
    )
    if rolls:
        product = f"CASE WHEN product = 'TOTAL' THEN product ELSE substr(product, 1, {COMMON}) END"
        body = (
            f"SELECT reporter, partner, {product} AS product, period, flow, SUM(value) AS value, "
            f"{SUM_OF_WEIGHTS} AS quantity FROM ({body}) GROUP BY ALL"
        )
        digits = " and ".join(map(str, sorted(look.long)))
        notes.append(
            f"its codes of {digits} digits are summed to HS6, because {why}; a code that the file "
            "does not hold is not in the sum"
        )
    if rates:
        used = sorted({p[:4] for p in look.periods} & set(rates))
        left = sorted({p[:4] for p in look.periods} - set(rates))
        listed = (
            ", ".join(f"({quote(y)}, CAST({rates[y]!r} AS DOUBLE))" for y in used) or "('', 0.0)"
        )
        body = (
            f"SELECT {_KEY}, value * rate AS value, quantity FROM ({body}) f JOIN (VALUES "
            f"{listed}) r(year, rate) ON r.year = substr(f.period, 1, 4)"
        )
        inside = [y for y in used if years[0] <= y <= years[1]]
        notes.append(
            "EUR converted to USD (kind: derived) at the average rate of each year, months alike: "
            f"{', '.join(f'{y} {rates[y]:.4f}' for y in inside)} ({exchange.source()}); a month's "
            "own rate differs"
        )
        if left:
            notes.append(
                f"{', '.join(left)} left out: there is no rate, and the question does not use them"
            )
    target = work / f"agreed-{len(list(work.glob('*.parquet')))}.parquet"
    con.execute(f"COPY ({body}) TO {quote(target)} (FORMAT parquet, COMPRESSION zstd)").fetchall()
    rows = con.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchall()[0][0]
    return replace(
        s,
        parquet=target,
        currency="USD" if rates else s.currency,
        rows=int(rows),
        notes=tuple(notes),
    )


def _refuse_twice(con: duckdb.DuckDBPyConnection, files: Sequence[Shaped]) -> None:
    twice = con.execute(
        f"SELECT {_KEY}, min(file), max(file) FROM ({_union(files)}) GROUP BY {_KEY} HAVING "
        "count(*) > 1 LIMIT 1"
    ).fetchone()
    if twice:
        raise DataError(
            f"{files[twice[5]].path.name}, {files[twice[6]].path.name}: "
            f"{' '.join(map(str, twice[:5]))} appears in more than one file. Keep one edition"
        )
