# SPDX-License-Identifier: Apache-2.0
"""Writes ``catalog/compiled/sipri_2025.csv``: arms delivered in 2025, in sums, from SIPRI's list of orders.

Run: ``python benchmarks/sipri_2025.py --mirror DIR/sources``. SIPRI's export of 18 May 2026 has a line an order,
with all years of delivery together. An order that was delivered in 2025 alone is of 2025 as it stands. Of any
other the part of 2025 is what the register of 12 February 2026, which ends with 2024, does not have of it. An
order that the register does not have is spread evenly over its years, and marked: its year is an estimate.

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
YEAR = 2025
#: Columns of the list of orders.
COLUMNS = 16
OUT = Path(__file__).parent.parent / "src/bilat/catalog/compiled/sipri_2025.csv"
HEADER = [
    "SIPRI AT Database ID", "Supplier", "Recipient", "Designation", "Description", "Armament category", "Order date",
    "Order date is estimate", "Numbers delivered", "Numbers delivered is estimate", "Delivery year",
    "Delivery year is estimate", "Status", "TIV delivery values", "Local production", "Lines",
]  # fmt: skip
ABOUT = """Transfers of major conventional arms: deliveries of 2025 in sums, derived from SIPRI's list of orders
The export of 18 May 2026 has a line an order with all its years of delivery together.
An order delivered in 2025 alone is of 2025 as it stands.
Of any other the part of 2025 is what the register of 12 February 2026, which ends with 2024, lacks of it.
An order that the register lacks is spread evenly over its years: "Delivery year is estimate" is Yes.
Lines is the number of orders behind a row; a row of several orders bears the number of the sum.
Single orders stand here of Russia and China with each other, and of Iran and North Korea with each other.
Values are SIPRI trend-indicator values (TIV) in millions.

Source: SIPRI Arms Transfers Database (c) SIPRI, figures derived by bilat.
Data generated: 18 May 2026"""


@dataclass(frozen=True)
class Order:
    """A line of the list of orders."""

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
    """What of an order was delivered in the year."""

    tiv: float
    number: float | None
    is_spread: bool
    deal: pa.Table | None


def party(label: str) -> str:
    """The code of a state; of any other party SIPRI's label."""
    return country_or_none(label) or label[:1].upper() + label[1:]


def orders(path: Path, year: int = YEAR) -> list[Order]:
    """Every order of which a delivery was in the year."""
    found = []
    with path.open(encoding="latin-1", newline="") as text:
        rows = [row for row in csv.reader(text) if len(row) == COLUMNS]
        for row in rows[1:]:
            years = tuple(int(y) for y in re.findall(r"\d{4}", row[10]))
            if year not in years:
                continue
            found.append(
                Order(
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
    path: Path, name: str = LINES, year: int = YEAR
) -> dict[tuple[str, str, int, float], list[list[dict[str, object]]]]:
    """The deals of the register by key, each as its lines before the year."""
    raw_units = _units(path)
    by_deal = defaultdict(list)
    for row in register(path, name):
        if int(row["period"]) < year:
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


def part_of(
    order: Order, known: list[list[dict[str, object]]], first_year: int, year: int = YEAR
) -> Part:
    """What of an order was delivered in the year, and the deal of the register that it is."""
    if order.years == (year,):
        return Part(order.tiv, order.number, False, None)
    before = sorted(y for y in order.years if first_year <= y < year)
    same = [d for d in known if sorted(int(line["period"]) for line in d) == before]
    if len(same) > 1:
        start = order.designation[:5].lower()
        named = [d for d in same if (d[0]["designation"] or "")[:5].lower() == start]
        same = named or same
    if len(same) != 1:
        share = 1 / len(order.years)
        number = order.number * share if order.number is not None else None
        return Part(order.tiv * share, number, True, None)
    deal = same[0]
    tiv = max(0.0, order.tiv - sum(line["tiv"] for line in deal))
    number = None
    if order.number is not None:
        number = max(0.0, order.number - sum(line["delivered"] or 0 for line in deal))
    return Part(tiv, number, False, deal)


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
    rows = []
    for line, order in enumerate(orders(mirror / ORDERS), 1):
        part = part_of(order, known.get(order.key, []), 1995)
        rows.append(
            {
                "period": str(YEAR),
                "supplier": order.supplier,
                "recipient": order.recipient,
                "category": category_of(order, part, words),
                "designation": order.designation,
                "description": order.description,
                "deal": part.deal[0]["deal"] if part.deal else f"order {line}",
                "order_year": order.ordered,
                "delivered": round(part.number, 2) if part.number is not None else None,
                "delivered_estimated": order.number_estimated,
                "period_estimated": part.is_spread,
                "status": order.status,
                "local_production": part.deal[0]["local_production"] if part.deal else None,
                "tiv": round(part.tiv, 6),
                "lines": 1,
                "kind": "derived",
                "locator": f"line {line}",
            }
        )
    print(report(rows))
    write(rows)


def report(rows: list[dict[str, object]]) -> str:
    """How much of the year is exact."""
    spread = sum(r["tiv"] for r in rows if r["period_estimated"])
    return (
        f"{len(rows)} orders, {sum(r['tiv'] for r in rows):,.0f} million TIV, spread {spread:,.0f}"
    )


def write(rows: list[dict[str, object]]) -> None:
    """Write the sums that the catalog's embed_sql makes of the rows."""
    made = table("transfers").arrow(rows)
    for name in ("source", "snapshot"):
        made = made.append_column(name, pa.nulls(made.num_rows, pa.string()))
    con = duckdb.connect()
    con.register("rows", made.append_column("vintage", pa.nulls(made.num_rows, pa.date32())))
    found = con.sql(source("sipri_register").embed_sql["transfers"]).to_arrow_table().to_pylist()
    spread = con.sql(
        "SELECT DISTINCT supplier, recipient FROM rows WHERE period_estimated"
    ).fetchall()
    with OUT.open("w", encoding="utf-8", newline="") as text:
        text.write(ABOUT + "\n")
        out = csv.writer(text, lineterminator="\n")
        out.writerow(HEADER)
        for number, r in enumerate(found, 1):
            r["deal"] = r["deal"] or f"sum {number}"
            out.writerow(_cells(r, set(spread)))


def _cells(r: dict[str, object], spread: set[tuple[str, str]]) -> list[object]:
    def mark(value: object) -> str:
        return {True: "Yes", False: "No"}.get(value, "")

    estimated = r.get("period_estimated")
    if estimated is None:
        estimated = (r["supplier"], r["recipient"]) in spread
    return [
        r["deal"], r["supplier"], r["recipient"], r["designation"], r["description"], r["category"], r["order_year"],
        mark(r["order_estimated"]), _whole(r["delivered"]), mark(r["delivered_estimated"]), YEAR, mark(estimated),
        r["status"], r["tiv"], mark(r["local_production"]), r["lines"],
    ]  # fmt: skip


def _whole(value: float | None) -> int | str:
    return "" if value is None else round(value)


if __name__ == "__main__":
    main()
