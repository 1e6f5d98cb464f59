# SPDX-License-Identifier: Apache-2.0
"""Which SIPRI edition speaks for a year, and the sums that the arms measures share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from bilat.catalog import source
from bilat.errors import UsageError, command
from bilat.measures import Ask, Parse
from bilat.places import country
from bilat.units import quantity

REFERENCE = "SIPRI Arms Transfers Database, sources and methods: trend-indicator value (TIV)"
REGISTER = "sipri_register"
PAIRS = "sipri_tiv_pairs"
#: States of which the embedded register keeps every delivery by pair, year and category (the
#: states that `embed_sql` of the source names). Of others it pools the small sums.
KEPT_WHOLE = ("RUS", "CHN")

#: How good the sums of a row's source and edition are for its year; 1 is best.
_RANK = f"""CASE WHEN {{row}}source = '{PAIRS}' THEN 2
  WHEN {{row}}kind = 'derived' THEN 3 ELSE 1 END
  + CASE WHEN {{row}}revised_later THEN 3 ELSE 0 END"""
#: Two sources give pair sums. For each year the first that holds is used, never a sum of two: the
#: register; the tabulated export tables; our sums from the list of orders. Editions that were
#: public come first, then later ones in the same order (revised later).
SPOKEN = f"""
chosen AS (
  SELECT period AS year, min({_RANK.format(row="")}) AS rank
  FROM transfers WHERE source IN ('{REGISTER}', '{PAIRS}') GROUP BY period
),
spoken AS (
  SELECT t.* FROM transfers t JOIN chosen ON t.period = chosen.year AND t.tiv IS NOT NULL
    AND t.source IN ('{REGISTER}', '{PAIRS}') AND chosen.rank = {_RANK.format(row="t.")}
)
"""
#: Rows of the register whose values make up the printed sum of a pair and year. In years of which
#: the export tables have sums, rows from the list of orders are left out.
VALUED = f"""(SELECT * FROM transfers WHERE source = '{REGISTER}' AND NOT (kind = 'derived'
  AND period IN (SELECT period FROM transfers WHERE source = '{PAIRS}')))"""
#: One row for each key and edition: value summed, lines joined. ``keys`` is a list of columns.
SUMMED = """
SELECT period AS point, {grp} AS grp, {keys}, sum(tiv) AS tiv, CAST(sum(lines) AS BIGINT) AS lines,
       kind,
       'lines ' || string_agg(regexp_replace(locator, '^lines? ', ''), ';'
                  ORDER BY CAST(regexp_extract(locator, '[0-9]+') AS INTEGER)) AS locator,
       known_on, known_basis, source, snapshot, vintage, revised_later
FROM {rows} WHERE {where} GROUP BY {group}
"""


def sum_by_key(rows: str, *, grp: str, keys: str, where: str = "TRUE") -> str:
    """SQL that sums ``rows`` by year, group and ``keys`` (comma-separated columns)."""
    columns = [k.strip() for k in keys.split(",")]
    group = [
        "period",
        grp,
        *columns,
        "kind, known_on, known_basis, source, snapshot, vintage, revised_later",
    ]
    return SUMMED.format(
        grp=grp,
        keys=", ".join(columns),
        rows=rows,
        where=where,
        group=", ".join(g for g in group if not (g.startswith("'") and g.endswith("'"))),
    )


TIV = quantity("million TIV")


def _direction(text: str) -> str:
    """A direction with codes for its states; one that needs the dyad stays as it is."""
    if text in ("", "reverse", "imports", "exports"):
        return text
    parts = text.split(">")
    if len(parts) != 2:
        raise UsageError(f"{text!r} is not a direction. Write RUS>CHN, reverse, imports or exports")
    return ">".join(country(p.strip()) for p in parts)


Direction = Annotated[
    str,
    Parse(_direction, "RUS>CHN, reverse, imports or exports"),
    "supplier>recipient as RUS>CHN; blank for the first state to the second, reverse for the other "
    "way, imports for all suppliers to the second, exports for the first to all",
]


def supplier_and_recipient(ask: Ask, direction: str) -> tuple[str, str]:
    """(supplier, recipient) of a direction; "" stands for every state."""
    a, b = ask.dyad
    words = {"": (a, b), "reverse": (b, a), "imports": ("", b), "exports": (a, "")}
    if direction in words:
        return words[direction]
    supplier, recipient = direction.split(">")
    return supplier, recipient


def category_name(text: str) -> str:
    """A category as the register spells it, whatever the case or hyphen asked for.

    Raises
    ------
    UsageError
        for a category that SIPRI does not use.
    """
    known = sorted(set(source("sipri_register").words("category").values()))
    for c in known:
        if c.lower().replace("-", " ") == text.strip().lower().replace("-", " "):
            return c
    raise UsageError(f"no armament category {text!r}; choose from {', '.join(known)}")


Category = Annotated[
    str,
    Parse(category_name, "an armament category of SIPRI: Engines, Aircraft, …"),
    "an armament category of SIPRI (Engines, Aircraft, …); blank for all",
]
Categories = Annotated[
    tuple[str, ...], Parse(category_name, "armament categories of SIPRI joined by commas")
]


Licence = Annotated[
    Literal["with", "without"],
    "with or without weapons that the register marks as made under licence by the recipient",
]


def label(years: list[int]) -> str:
    """``2018`` or, as SIPRI writes a window, ``2018-2022``."""
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


def years_covered(ask: Ask, *, register_only: bool = False) -> list[int]:
    """The years that the editions in use speak of, in order."""
    every = f"(SELECT * FROM transfers WHERE source IN ('{REGISTER}', '{PAIRS}'))"
    rows = VALUED if register_only else every
    found = ask.query(f"SELECT DISTINCT CAST(period AS INTEGER) AS y FROM {rows} ORDER BY 1")
    return [int(y) for y in found["y"].to_pylist()]


def last_register_day(ask: Ask, *, register_only: bool = False) -> dt.date | None:
    """The last day that the editions in use speak of, whatever was delivered then; None where none
    is held.
    """
    covered = years_covered(ask, register_only=register_only)
    return min(dt.date(covered[-1], 12, 31), ask.as_of.date) if covered else None


def orders_note(ask: Ask) -> str:
    """Return which years come from SIPRI's list of orders, which has no years of delivery."""
    found = ask.query(
        f"WITH {SPOKEN} SELECT DISTINCT period FROM spoken WHERE kind = 'derived' ORDER BY 1"
    )["period"].to_pylist()
    if not found:
        return ""
    return (
        f"Figures for {', '.join(found)} come from SIPRI's list of orders, which gives one total "
        "for all years of an order. We split it as SIPRI's last register by year does; a year that "
        "the register lacks has the rest. An order of which the register has nothing is spread "
        "evenly over its years."
    )


def has_deals(ask: Ask, supplier: str, recipient: str) -> bool:
    """Return whether every delivery of a pair is stored deal by deal.

    The embedded register keeps sums for most pairs, and small sums only under their supplier: a
    pair without a row may still have deliveries there.
    """
    found = ask.query(
        f"SELECT count(*) AS n, count(deal) AS d FROM transfers "
        f"WHERE source = '{REGISTER}' AND (? = '' OR supplier = ?) AND (? = '' OR recipient = ?)",
        *(supplier,) * 2,
        *(recipient,) * 2,
    ).to_pylist()[0]
    if not found["n"]:
        return is_complete(ask, supplier, recipient)
    return bool(found["d"] == found["n"])


OTHERS = "all others"


def pool_others(column: str, *codes: str) -> str:
    """SQL for ``spoken`` with every party but ``codes`` called all others: what a share needs, no
    more.
    """
    named = ", ".join(f"'{c}'" for c in codes)
    label = f"CASE WHEN {column} IN ({named}) THEN {column} ELSE '{OTHERS}' END"
    return f"(SELECT * REPLACE ({label} AS {column}) FROM spoken)"


NOTHING = "the register shows no delivery by or to these states as of this date"
SUMS_ONLY = (
    "of this pair the register is embedded in sums only: export it from "
    "sipri.org/databases/armstransfers, and take it in with: "
    f"{command('sources', 'pull', 'sipri_register', mirror='FILE')}"
)


def note_on_sums(ask: Ask) -> str:
    """Why there is no figure by year of two states, and what is held of them."""
    held = ask.query(
        "SELECT supplier || '>' || recipient || ' at least ' || CAST(round(sum(tiv)) AS BIGINT) || "
        "' from ' || min(period) || ' to ' || max(period) || ', ' || CAST(round(coalesce(sum(tiv) "
        "FILTER (period >= since), 0)) AS BIGINT) || ' of it from ' || since || ' on' AS held FROM "
        "transfers, (SELECT CAST(max(CAST(period AS INT)) - 4 AS VARCHAR) AS since FROM transfers "
        f"WHERE source = '{REGISTER}') WHERE source = '{REGISTER}' AND supplier IN (?, ?) AND "
        "recipient IN (?, ?) GROUP BY supplier, recipient, since ORDER BY 1",
        *ask.dyad,
        *ask.dyad,
    )["held"].to_pylist()
    whole = (
        "years of one or two deliveries are in their supplier's sum and not here; we have, in "
        "million TIV"
    )
    return f"{whole}: {'; '.join(held) or 'nothing'}; {SUMS_ONLY}"


def is_complete(ask: Ask, *ends: str) -> bool:
    """Return whether all deliveries of at least one of these states are stored, none pooled.

    The embedded register keeps the states in `KEPT_WHOLE` by pair, year and category. Of other
    pairs, a year of one or two deliveries is only in a sum of its supplier, for recipients that the
    sum does not name. So rows of a state never prove that the state has no others. True where no
    register speaks yet, and for a register that pools nothing.
    """
    found = ask.query(
        f"SELECT bool_or(category IS NULL) AS pooled FROM transfers WHERE source = '{REGISTER}'"
    )
    is_pooled = found["pooled"].to_pylist()[0]
    return not is_pooled or any(end in KEPT_WHOLE for end in ends)
