# SPDX-License-Identifier: Apache-2.0
"""Writes ``catalog/compiled/sipri_2022_2025.csv`` and ``sipri_1992_1994.csv``: arms delivered in years that our
register lacks or values otherwise, in sums, from SIPRI's list of orders.

Run: ``python benchmarks/sipri_orders.py --mirror DIR/sources``. SIPRI's export of 18 May 2026 has a line an order,
with all years of delivery together; the register of 12 February 2026 has a line a year, from 1995 to 2024. An order
that was delivered in one year is of that year as it stands. Of any other each year has what the register has of it,
at the value that the list of orders gives an item; the years that the register lacks have the rest in equal parts.
An order of which the register has nothing is spread evenly over all its years. A part that was spread is marked: its
year is an estimate.

The years 2022 to 2024 are in the register too. In May 2026 SIPRI gave the weapons that Iran and North Korea send to
Russia a lower value. One edition for all four years keeps a sum of two values of one weapon out of every window.

The sums are those that the catalog's own ``embed_sql`` makes of a register, so that no more of SIPRI's lines
stands alone than the entry says.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from bilat.catalog import read, source
from bilat.catalog.tables import table
from bilat.places import country_or_none

ORDERS = "sipri/trade_register_1950_2025_generated_2026-05-18.csv"
LINES = "sipri/trade_register_generated_2026-02-12.csv"
#: Years that the register has line by line.
COVERED = range(1995, 2025)
#: Columns of the list of orders.
COLUMNS = 16
OUT = Path(__file__).parent.parent / "src/bilat/catalog/compiled"
HEADER = [
    "SIPRI AT Database ID", "Supplier", "Recipient", "Designation", "Description", "Armament category", "Order date",
    "Order date is estimate", "Numbers delivered", "Numbers delivered is estimate", "Delivery year",
    "Delivery year is estimate", "Status", "TIV delivery values", "Local production", "Lines",
]  # fmt: skip
ABOUT = """Transfers of major conventional arms: deliveries of {years} in sums, derived from SIPRI's list of orders
The export of 18 May 2026 has a line an order with all its years of delivery together.
{alone}
{rest}
An order that the register lacks is spread evenly over its years: "Delivery year is estimate" is Yes.
Lines is the number of orders behind a row; a row of several orders bears the number of the sum.
Single orders stand here of Russia and China with each other, and of Iran and North Korea with each other.
Values are SIPRI trend-indicator values (TIV) in millions.

Source: SIPRI Arms Transfers Database (c) SIPRI, figures derived by bilat.
Data generated: 18 May 2026"""


@dataclass(frozen=True)
class Span:
    """Years that a file is made of, and how it says so."""

    years: tuple[int, ...]
    name: str
    about: dict[str, str]


SPANS = (
    Span(
        (2022, 2023, 2024, 2025),
        "sipri_2022_2025.csv",
        {
            "years": "2022 to 2025",
            "alone": "An order delivered in one year alone is of that year as it stands.",
            "rest": "Of any other a year to 2024 has what the register of 12 February 2026 has of "
            "it, at the value of an item of May, and 2025 has the rest.",
        },
    ),
    Span(
        (1992, 1993, 1994),
        "sipri_1992_1994.csv",
        {
            "years": "1992 to 1994",
            "alone": "An order delivered in one year alone is of that year as it stands.",
            "rest": "Of any other the years before 1995 have in equal parts what the register of "
            "12 February 2026, which begins with 1995, lacks of it.",
        },
    ),
)


@dataclass(frozen=True)
class Order:
    """A line of the list of orders."""

    line: int
    supplier: str
    recipient: str
    ordered: int
    designation: str
    description: str
    number: float | None
    number_estimated: bool
    years: tuple[int, ...]
    status: str
    unit: float
    tiv: float

    @property
    def key(self) -> Key:
        """What an order and its deal in the register have in common."""
        return self.supplier, self.recipient, self.ordered


@dataclass(frozen=True)
class Deal:
    """A deal of the register: its lines of the years covered, and the value of one item."""

    lines: tuple[dict[str, object], ...]
    unit: float

    @property
    def years(self) -> list[int]:
        """The years of its lines, in order."""
        return sorted(int(line["period"]) for line in self.lines)

    @property
    def start(self) -> str:
        """How its designation begins: SIPRI wrote the rest otherwise in the list of orders."""
        return start_of(self.lines[0]["designation"])


#: Supplier, recipient and year of the order.
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Part:
    """What of an order was delivered in one year."""

    tiv: float
    number: float | None
    is_spread: bool
    deal: Deal | None


def party(label: str) -> str:
    """The code of a state; of any other party SIPRI's label."""
    return country_or_none(label) or label[:1].upper() + label[1:]


def orders(path: Path, *wanted: int) -> list[Order]:
    """Every order of which a delivery was in one of the years."""
    found = []
    with path.open(encoding="latin-1", newline="") as text:
        rows = [(n, row) for n, row in enumerate(csv.reader(text), 1) if len(row) == COLUMNS]
        for line, row in rows[1:]:
            years = tuple(int(y) for y in re.findall(r"\d{4}", row[10]))
            if not set(wanted) & set(years):
                continue
            found.append(
                Order(
                    line=line,
                    supplier=party(row[1]),
                    recipient=party(row[0]),
                    ordered=int(row[2]),
                    designation=row[6],
                    description=row[7],
                    number=float(row[8]) if row[8] else None,
                    number_estimated=row[9] == "?",
                    years=years,
                    status=row[11],
                    unit=float(row[13] or 0),
                    tiv=float(row[15] or 0),
                )
            )
    return found


def register(path: Path, name: str = LINES) -> list[dict[str, object]]:
    """Every line of an edition of the register."""
    entry = source("sipri_register")
    file = next(f for f in entry.files if f.path == name)
    ((_, rows),) = read(entry, file, path)
    return rows.to_pylist()


def deals(path: Path, name: str = LINES, covered: range = COVERED) -> dict[Key, list[Deal]]:
    """The deals of the register by key, each with its lines of the years covered."""
    units = _units(path)
    by_deal = defaultdict(list)
    for row in register(path, name):
        if int(row["period"]) in covered:
            by_deal[row["deal"]].append(row)
    found = defaultdict(list)
    for deal, lines in by_deal.items():
        key = (lines[0]["supplier"], lines[0]["recipient"], lines[0]["order_year"])
        found[key].append(Deal(tuple(lines), units[deal]))
    return found


def start_of(designation: object) -> str:
    """How a designation begins."""
    return str(designation or "")[:5].lower()


def _units(path: Path) -> dict[str, float]:
    """The value of one item of each deal."""
    with path.open(encoding="utf-8", errors="replace", newline="") as text:
        rows = list(csv.reader(text))[11:]
    head = [cell.strip(";") for cell in rows[0]]
    deal = head.index("SIPRI AT Database ID")
    unit = head.index("TIV deal unit")
    return {row[deal]: float(row[unit] or 0) for row in rows[1:]}


def deal_of(order: Order, known: list[Deal], covered: range = COVERED) -> Deal | None:
    """The deal of the register that an order is: the only one that is alike enough, or none.

    Alike are, the surest first: value of an item and years; designation and years, where SIPRI
    values the weapon otherwise since; designation and value, where it knows other years since.
    """
    inside = sorted(year for year in order.years if year in covered)
    start = start_of(order.designation)
    of_years = [deal for deal in known if deal.years == inside]
    of_value = [deal for deal in known if deal.unit == order.unit]
    both = [deal for deal in of_years if deal in of_value]
    named = [deal for deal in both if deal.start == start]
    for alike in (
        named or both,
        [deal for deal in of_years if deal.start == start],
        [deal for deal in of_value if deal.start == start],
    ):
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def parts_of(order: Order, known: list[Deal], covered: range = COVERED) -> dict[int, Part]:
    """What of an order was delivered in each of its years; the parts sum to the order."""
    deal = deal_of(order, known, covered)
    if deal is None:
        each = _equal(order.tiv, order.number, len(order.years))
        return dict.fromkeys(order.years, each)
    revalued = order.unit / deal.unit if order.unit and deal.unit else 1.0
    lines = {int(line["period"]): line for line in deal.lines}
    inside = [year for year in order.years if year in lines]
    tiv = {year: lines[year]["tiv"] * revalued for year in inside}
    number = {year: lines[year]["delivered"] or 0.0 for year in inside}
    outside = [year for year in order.years if year not in lines]
    if not outside or sum(tiv.values()) > order.tiv:
        tiv = _scaled(tiv, order.tiv)
    if order.number is not None and (not outside or sum(number.values()) > order.number):
        number = _scaled(number, order.number)
    has_number = order.number is not None
    parts = {
        year: Part(tiv[year], number[year] if has_number else None, False, deal) for year in inside
    }
    if outside:
        left = None if order.number is None else max(0.0, order.number - sum(number.values()))
        rest = _equal(max(0.0, order.tiv - sum(tiv.values())), left, len(outside), deal)
        parts |= dict.fromkeys(outside, rest)
    return parts


def _scaled(values: dict[int, float], total: float) -> dict[int, float]:
    """Values in the same proportions that sum to a total."""
    whole = sum(values.values())
    return {year: value * total / whole if whole else 0.0 for year, value in values.items()}


def _equal(tiv: float, number: float | None, years: int, deal: Deal | None = None) -> Part:
    """One of so many equal parts."""
    return Part(tiv / years, None if number is None else number / years, years > 1, deal)


def category_of(order: Order, part: Part, words: dict[str, str]) -> str:
    """The armament category: of the deal, else of the description, else of a description that begins alike."""
    if part.deal:
        return part.deal.lines[0]["category"]
    if order.description in words:
        return words[order.description]
    if {order.supplier, order.recipient} & {"RUS", "CHN"}:
        raise SystemExit(f"no category for {order.description!r} ({order.designation})")
    return "Other"  # not written: of other pairs the sums have no category


#: Descriptions of May 2026 that the register of February words otherwise.
REWORDED = {
    "armed drone": "armed UAV",
    "fighter/ground-attack aircraft": "FGA aircraft",
    "mobile surface-to-air missile system": "mobile SAM system",
    "naval surface-to-air missile system": "naval SAM system",
    "portable surface-to-air missile": "portable SAM",
    "reconnaissance drone": "UAV",
    "surface-to-air missile": "SAM",
    "surface-to-air missile system": "SAM system",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, required=True)
    mirror = parser.parse_args().mirror
    known = deals(mirror / LINES)
    words = {}
    for found in known.values():
        for deal in found:
            words[deal.lines[0]["description"]] = deal.lines[0]["category"]
    words |= {new: words[old] for new, old in REWORDED.items()}
    for span in SPANS:
        rows = rows_of(orders(mirror / ORDERS, *span.years), known, words, span.years)
        print(f"{span.name}: {report(rows)}")
        write(rows, span)


def rows_of(
    found: list[Order],
    known: dict[Key, list[Deal]],
    words: dict[str, str],
    years: tuple[int, ...],
) -> list[dict[str, object]]:
    """A row for each year of each order, as the table has it."""
    rows = []
    for order in found:
        for year, part in parts_of(order, known.get(order.key, [])).items():
            if year in years and (part.tiv or part.number):
                rows.append(_row(order, year, part, words))
    return rows


def _row(order: Order, year: int, part: Part, words: dict[str, str]) -> dict[str, object]:
    """A row of the table: what was delivered of an order in a year."""
    line = part.deal.lines[0] if part.deal else None
    return {
        "period": str(year),
        "supplier": order.supplier,
        "recipient": order.recipient,
        "category": category_of(order, part, words),
        "designation": order.designation,
        "description": order.description,
        "deal": line["deal"] if line else f"order in line {order.line}",
        "order_year": order.ordered,
        "delivered": round(part.number, 2) if part.number is not None else None,
        "delivered_estimated": order.number_estimated,
        "period_estimated": part.is_spread,
        "status": order.status,
        "local_production": line["local_production"] if line else None,
        "tiv": round(part.tiv, 6),
        "lines": 1,
        "kind": "derived",
        "locator": f"line {order.line}",
    }


def report(rows: list[dict[str, object]]) -> str:
    """How much of the years is exact."""
    spread = sum(r["tiv"] for r in rows if r["period_estimated"])
    return f"{len(rows)} parts of orders, {sum(r['tiv'] for r in rows):,.0f} million TIV, spread {spread:,.0f}"


def write(rows: list[dict[str, object]], span: Span) -> None:
    """Write the sums that the catalog's embed_sql makes of the rows."""
    made = table("transfers").arrow(rows)
    for name in ("source", "snapshot"):
        made = made.append_column(name, pa.nulls(made.num_rows, pa.string()))
    con = duckdb.connect()
    con.register("rows", made.append_column("vintage", pa.nulls(made.num_rows, pa.date32())))
    found = con.sql(source("sipri_register").embed_sql["transfers"]).to_arrow_table().to_pylist()
    spread = con.sql(
        "SELECT DISTINCT supplier, recipient, period FROM rows WHERE period_estimated"
    ).fetchall()
    rest: defaultdict[str, float] = defaultdict(float)
    with (OUT / span.name).open("w", encoding="utf-8", newline="") as text:
        text.write(ABOUT.format(**span.about) + "\n")
        out = csv.writer(text, lineterminator="\n")
        out.writerow(HEADER)
        for number, r in enumerate(found, 1):
            if r["delivered"]:
                exact = r["delivered"] + rest[r["deal"]]
                whole = round(exact)
                if r["deal"]:  # whole items: what rounding takes from one year goes to the next
                    rest[r["deal"]] = exact - whole
                    r["tiv"] = round(r["tiv"] / r["delivered"] * whole, 6)
                r["delivered"] = whole
            r["deal"] = r["deal"] or f"sum {number}"
            out.writerow(_cells(r, set(spread)))


def _cells(r: dict[str, object], spread: set[tuple[str, str, str]]) -> list[object]:
    def mark(value: object) -> str:
        return {True: "Yes", False: "No"}.get(value, "")

    estimated = r.get("period_estimated")
    if estimated is None:
        estimated = (r["supplier"], r["recipient"], r["period"]) in spread
    return [
        r["deal"], r["supplier"], r["recipient"], r["designation"], r["description"], r["category"], r["order_year"],
        mark(r["order_estimated"]), _whole(r["delivered"]), mark(r["delivered_estimated"]), r["period"],
        mark(estimated), r["status"], r["tiv"], mark(r["local_production"]), r["lines"],
    ]  # fmt: skip


def _whole(value: float | None) -> int | str:
    return "" if value is None else round(value)


if __name__ == "__main__":
    main()
