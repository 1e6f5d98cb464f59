# SPDX-License-Identifier: Apache-2.0
"""Writes ``catalog/compiled/sipri_2025.csv`` and ``sipri_1992_1994.csv``: arms delivered in the years that our register
lacks, in sums, from SIPRI's list of orders.

Run: ``python benchmarks/sipri_orders.py --mirror DIR/sources``. SIPRI's export of 18 May 2026 has a line an order,
with all years of delivery together; the register of 12 February 2026 has a line a year, from 1995 to 2024. An order
that was delivered in one year is of that year as it stands. Of any other the years outside the register have what the
register does not have of the order: two such years have it in equal parts. An order of which the register lacks its
own years too is spread evenly over all its years. A part that was spread is marked: its year is an estimate.

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
        (2025,),
        "sipri_2025.csv",
        {
            "years": "2025",
            "alone": "An order delivered in 2025 alone is of 2025 as it stands.",
            "rest": "Of any other the part of 2025 is what the register of 12 February 2026, "
            "which ends with 2024, lacks of it.",
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
    def key(self) -> tuple[str, str, int, float]:
        """What names an order in both editions: SIPRI renamed designations between them."""
        return self.supplier, self.recipient, self.ordered, self.unit


@dataclass(frozen=True)
class Part:
    """What of an order was delivered in one year."""

    tiv: float
    number: float | None
    is_spread: bool
    deal: pa.Table | None


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


def deals(
    path: Path, name: str = LINES, covered: range = COVERED
) -> dict[tuple[str, str, int, float], list[list[dict[str, object]]]]:
    """The deals of the register by key, each as its lines of the years covered."""
    raw_units = _units(path)
    by_deal = defaultdict(list)
    for row in register(path, name):
        if int(row["period"]) in covered:
            by_deal[row["deal"]].append(row)
    found = defaultdict(list)
    for deal, lines in by_deal.items():
        first = lines[0]
        unit = raw_units[deal]
        key = (first["supplier"], first["recipient"], first["order_year"], unit)
        found[key].append(lines)
    return found


def _units(path: Path) -> dict[str, float]:
    """The value of one item of each deal."""
    with path.open(encoding="utf-8", errors="replace", newline="") as text:
        rows = list(csv.reader(text))[11:]
    head = [cell.strip(";") for cell in rows[0]]
    deal = head.index("SIPRI AT Database ID")
    unit = head.index("TIV deal unit")
    return {row[deal]: float(row[unit] or 0) for row in rows[1:]}


def part_of(order: Order, known: list[list[dict[str, object]]], covered: range = COVERED) -> Part:
    """What of an order was delivered in each year outside the register, and the deal that it is."""
    inside = sorted(y for y in order.years if y in covered)
    outside = len(order.years) - len(inside)
    if not inside:
        return _equal(order, order.tiv, order.number, outside)
    same = [d for d in known if sorted(int(line["period"]) for line in d) == inside]
    if len(same) > 1:
        start = order.designation[:5].lower()
        named = [d for d in same if (d[0]["designation"] or "")[:5].lower() == start]
        same = named or same
    if len(same) != 1:
        return _equal(order, order.tiv, order.number, len(order.years))
    deal = same[0]
    tiv = max(0.0, order.tiv - sum(line["tiv"] for line in deal))
    number = None
    if order.number is not None:
        number = max(0.0, order.number - sum(line["delivered"] or 0 for line in deal))
    return _equal(order, tiv, number, outside, deal)


def _equal(
    order: Order,
    tiv: float,
    number: float | None,
    years: int,
    deal: list[dict[str, object]] | None = None,
) -> Part:
    """One of so many equal parts."""
    return Part(tiv / years, None if number is None else number / years, years > 1, deal)


def category_of(order: Order, part: Part, words: dict[str, str]) -> str:
    """The armament category: of the deal, else of the description, else of a description that begins alike."""
    if part.deal:
        return part.deal[0]["category"]
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
            words[deal[0]["description"]] = deal[0]["category"]
    words |= {new: words[old] for new, old in REWORDED.items()}
    for span in SPANS:
        rows = rows_of(orders(mirror / ORDERS, *span.years), known, words, span.years)
        print(f"{span.name}: {report(rows)}")
        write(rows, span)


def rows_of(
    found: list[Order],
    known: dict[tuple[str, str, int, float], list[list[dict[str, object]]]],
    words: dict[str, str],
    years: tuple[int, ...],
) -> list[dict[str, object]]:
    """A row for each year of each order, as the table has it."""
    rows = []
    for order in found:
        part = part_of(order, known.get(order.key, []))
        row = {
            "supplier": order.supplier,
            "recipient": order.recipient,
            "category": category_of(order, part, words),
            "designation": order.designation,
            "description": order.description,
            "deal": part.deal[0]["deal"] if part.deal else f"order in line {order.line}",
            "order_year": order.ordered,
            "delivered": round(part.number, 2) if part.number is not None else None,
            "delivered_estimated": order.number_estimated,
            "period_estimated": part.is_spread,
            "status": order.status,
            "local_production": part.deal[0]["local_production"] if part.deal else None,
            "tiv": round(part.tiv, 6),
            "lines": 1,
            "kind": "derived",
            "locator": f"line {order.line}",
        }
        rows += [{**row, "period": str(year)} for year in years if year in order.years]
    return rows


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
