# SPDX-License-Identifier: Apache-2.0
"""Sample files from the stored records, for readers of the docs to try the commands on."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from bilat.document import Document, Frame, Say, Section
from bilat.document.fields import Written
from bilat.errors import UsageError, command
from bilat.files.write import writable
from bilat.records.questions import RecordsQuestion

if TYPE_CHECKING:
    import pyarrow as pa

#: Files that a sample folder has, and what each is for.
FILES = {
    "consignments.xlsx": command("screen", "consignments.xlsx", out="alerts.xlsx"),
    "names.csv": command("screen", "names.csv"),
    "trade.csv": command("divert", "trade.csv", origin="EU27", target="RUS,BLR", basket="chpl"),
    "mine.csv": command("add", "mine.csv", publisher="Our count", unit="aircraft"),
    "mine.xlsx": command("plan", "compare", "mine.xlsx"),
    "page.html": command("read", "page.html"),
    "links.csv": command("screen", "owners", "links.csv", "'Sample Firm'"),
    "numbers.csv": command("watch", "list", mine="numbers.csv"),
}
#: Plan and name of the number that is changed in the sample book: how many tanks are built a month
#: once output has been raised.
CHANGED = ("recovery tank", "new_plateau")
#: Shippers that nobody lists.
SHIPPERS = ("Sample Shipper One", "Sample Shipper Two", "Sample Shipper Three")
LISTED = """
SELECT DISTINCT name, countries FROM parties WHERE source = 'us_csl' AND schema <> 'Person'
AND countries IN ('CN', 'HK', 'RU', 'AE') AND length(name) BETWEEN 12 AND 60
ORDER BY hash(name) LIMIT 12
"""
SHIPS = """
SELECT DISTINCT name, identifiers FROM parties WHERE source = 'uk_sanctions' AND schema = 'Vessel'
AND identifiers LIKE 'imo:%' AND NOT contains(name, 'IMO') ORDER BY hash(name) LIMIT 4
"""
#: A page that nobody published.
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<title>Sample page: customs figures on chips for Russia</title>
<meta property="article:published_time" content="{day}">
</head>
<body>
<h1>Sample page: customs figures on chips for Russia</h1>
<p>This page is made up. It is a sample to try <code>bilat read</code> on.</p>
<p>The Sample Institute said on {day} that firms in China and Hong Kong had sent microchips worth
$123 million to Russia in the first half of the year, although the chips are under export controls.
Two thirds of them were transshipped through Hong Kong, it said.</p>
</body>
</html>
"""
#: Exports of machines, electronics and instruments, listed or not, by month.
TRADE = """
SELECT reporter, partner, product, period, 'X' AS flow, CAST(round(value) AS BIGINT) AS value,
       currency
FROM flows WHERE source = 'eurostat_cn8_sanctioned' AND nomenclature = 'HS6'
AND length(period) = 7 AND substr(product, 1, 2) IN ('84', '85', '90')
ORDER BY partner, product, period
"""
OWN = """
SELECT substr(period, 1, 7) AS month, 'China' AS country, CAST(sum(value) AS BIGINT) AS aircraft
FROM series WHERE source = 'taiwan_sightings' AND variable = 'aircraft' GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class SampleQuestion(RecordsQuestion):
    """Write sample files to try the commands on: consignments, names, trade, a table, a page, a book.

    Names and figures come from the stored records. Shippers, amounts, the page, the share and the
    probabilities are made up.
    """

    verb = ("sample",)
    title = "Write sample files"
    examples = (command("sample", "FOLDER"),)
    needs = ("folder",)
    folder: Annotated[
        Path | None,
        Written(first=True, what="DIR"),
        "Where the files go; the folder is made if it does not exist.",
    ] = None

    def answer(self, frame: Frame) -> Document:
        if self.folder is None:
            raise UsageError("name the folder of the samples")
        existing = [name for name in FILES if (self.folder / name).exists()]
        if existing:
            path = self.folder / existing[0]
            raise UsageError(f"{path}: already exists and may be yours; name another folder")
        with writable(self.folder, "name another folder"):
            self.folder.mkdir(parents=True, exist_ok=True)
            written = write_samples(self.folder, frame)
        lines = [f"{path.name}: {FILES[path.name]}" for path in written]
        return Document(
            "samples",
            f"{len(written)} files written to {self.folder}",
            (),
            (Section("Try them", tuple(Say(line, "note") for line in lines)),),
            data={"files": [str(path) for path in written]},
        )


def write_samples(folder: Path, frame: Frame) -> list[Path]:
    """Write each sample file and return their paths."""
    from bilat.planning.book_writing import write_book
    from bilat.planning.plans import plans_in_book

    queries = " ".join((LISTED, SHIPS, TRADE, OWN))
    tables = frame.holdings.connect(frame.as_of, queries)
    listed = _rows(tables.table(LISTED))
    ships = _rows(tables.table(SHIPS))
    trade = _rows(tables.table(TRADE))
    own = _rows(tables.table(OWN))
    names = [str(row[0]) for row in (*listed, *ships)]
    _csv(folder / "names.csv", ["name"], [[name] for name in (*names, *SHIPPERS)])
    head = ["reporter", "partner", "product", "period", "flow", "value", "currency"]
    _csv(folder / "trade.csv", head, trade)
    _csv(folder / "mine.csv", ["month", "country", "aircraft"], own)
    _consignments(folder / "consignments.xlsx", listed, ships)
    day = frame.as_of.date.isoformat()
    (folder / "page.html").write_text(PAGE.format(day=day), encoding="utf-8")
    owner = max((str(row[0]) for row in listed), key=len)
    _csv(folder / "links.csv", ["owner", "owned", "low", "high"], [(owner, "Sample Firm", 60, 60)])
    _csv(folder / "numbers.csv", ["question", "probability"], _own_numbers(frame))
    write_book(plans_in_book(), frame, folder / "mine.xlsx")
    _change_one_number(folder / "mine.xlsx")
    return [folder / name for name in FILES]


def _own_numbers(frame: Frame) -> list[tuple[str, float]]:
    """Return a made-up probability for each of the first three open questions."""
    from bilat.forecast.questions import questions

    day = frame.as_of.date
    is_open = [q.id for q in questions() if q.opened <= day < q.closes]
    return list(zip(is_open[:3], (0.25, 0.5, 0.75), strict=False))


def _change_one_number(path: Path) -> None:
    """Set the number that decides a recovery to the top of its range, as a reader might."""
    from openpyxl import load_workbook

    from bilat.planning.book_columns import COLUMNS, MAIN

    plan = COLUMNS.index("plan")
    name = COLUMNS.index("name")
    value = COLUMNS.index("value")
    high = COLUMNS.index("high")
    book = load_workbook(path)
    for row in book[MAIN].iter_rows(min_row=2):
        if (row[plan].value, row[name].value) == CHANGED:
            row[value].value = row[high].value
    book.save(path)


def _rows(table: pa.Table) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        out = csv.writer(text, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def _consignments(
    path: Path, listed: Sequence[Sequence[object]], ships: Sequence[Sequence[object]]
) -> None:
    """Write one row per consignment.

    Every fourth consignee is made up; the first consignments travel on the listed ships.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "consignments"
    sheet.append(["Reference", "Shipper", "Consignee", "Country", "Vessel", "IMO", "Value EUR"])
    for number, (name, country) in enumerate(listed):
        is_made_up = number % 4 == 0
        vessel, identifiers = ships[number] if number < len(ships) else ("", "")
        sheet.append(
            [
                f"S-{number + 1:03}",
                SHIPPERS[number % len(SHIPPERS)],
                f"Sample Consignee {number}" if is_made_up else name,
                country,
                vessel,
                _imo_number(str(identifiers)),
                10_000 + 1_000 * number,
            ]
        )
    book.save(path)


def _imo_number(identifiers: str) -> str:
    """Return the seven digits after ``imo:``, "" if there are none."""
    return identifiers.partition("imo:")[2][:7]
