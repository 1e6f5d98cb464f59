# SPDX-License-Identifier: Apache-2.0
"""Reports of a pair's total trade: which are stored, and which of them is used.

A *report* is one source's series for a reporter, a partner and a direction. Where several sources
report a pair, one is chosen by a stated rule and the others are named; they are never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from bilat.catalog import sources
from bilat.measures import Ask
from bilat.places import country_name
from bilat.places.coalitions import coalitions

#: The members since 2020, for sources that have members and no row of the Union.
EU27 = tuple(sorted(coalitions()["EU27"]))
#: The rows of total trade. One source has no rows TOTAL: its rows by chapter are summed.
TOTAL = "(nomenclature = 'TOTAL' OR (nomenclature = 'HS2' AND source = 'comtrade_russia_hs2'))"
_COLUMNS = """source, snapshot, part_row, vintage, locator, known_on, known_basis, revised_later,
    period, kind, reporter, partner, flow, product, nomenclature, value, currency, valuation,
    basis"""


def shift_month(month: str, by: int) -> str:
    """Return the month ``by`` months later, or earlier if it is negative."""
    year, month_of_year = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{month_of_year + 1:02d}"


def months(start: str, end: str) -> list[str]:
    """Return every month from the first to the last, both included."""
    out = [start]
    while out[-1] < end:
        out.append(shift_month(out[-1], 1))
    return out


@dataclass(frozen=True)
class Report:
    """One source's report of one pair, as of a date."""

    source: str
    currency: str
    flow: str
    basis: str
    rows: pa.Table
    #: The months that the source has of this reporter and direction, with any partner.
    covered: frozenset[str]
    summed: bool = False  #: the partner is the sum of the EU's members

    @cached_property
    def monthly(self) -> bool:
        """Whether every row is a month.

        Some members of a summed partner may have only years; then a sum of months would lack them.
        """
        return all(len(p) == 7 for p in self.periods)

    @cached_property
    def periods(self) -> list[str]:
        """The period of each row."""
        return self.rows["period"].to_pylist()

    @cached_property
    def values(self) -> list[float | None]:
        """The value of each row."""
        return self.rows["value"].to_pylist()

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each row: reported, estimated or derived."""
        return self.rows["kind"].to_pylist()

    def kind(self, rows: Sequence[int]) -> str:
        """Return the weakest kind of the rows: estimated, then derived, then reported.

        Rows that bilat only added up count as reported.
        """
        kinds = {self.kinds[i] for i in rows}
        if "estimated" in kinds:
            return "estimated"
        if "derived" in kinds and self._derivation:
            return "derived"
        return "reported"

    @property
    def _derivation(self) -> str:
        """How the publisher's derived rows were made; blank if bilat only added rows up."""
        return sources()[self.source].derived

    def note(self, rows: Sequence[int]) -> str:
        """Return how the rows were made, "" if they are as reported."""
        notes = {"estimated": "estimated by the publisher", "derived": self._derivation}
        return notes.get(self.kind(rows), "")

    @cached_property
    def holes(self) -> list[str]:
        """The months without a figure between the first and the last."""
        found = {p for p in self.periods if len(p) == 7}
        if not found:
            return []
        return [m for m in months(min(found), max(found)) if m not in found]

    def windows(self, months: Sequence[str]) -> list[int] | None:
        """Return the rows of months; None if the source lacks one, or the pair has none of them."""
        if not set(months) <= self.covered:
            return None
        wanted = set(months)
        found = [i for i, p in enumerate(self.periods) if p in wanted]
        return found or None

    @cached_property
    def years(self) -> dict[str, list[int]]:
        """The numbers of the rows of each whole year, by year.

        A year is left out if its figure was known before its end, or if the source has months of it
        and not all twelve.
        """
        rows_of: dict[str, list[int]] = {}
        known_on = self.rows["known_on"].to_pylist()
        for i, period in enumerate(self.periods):
            is_year = len(period) == len("2018")
            if is_year and known_on[i].isoformat() > f"{period}-12-31":
                rows_of.setdefault(period, []).append(i)
        for year in {p[:4] for p in self.periods if len(p) == len("2018-01")}:
            rows = self.windows(months(f"{year}-01", f"{year}-12"))
            if rows is None:
                rows_of.pop(year, None)
            else:
                # A summed partner has members with months and members with years only.
                rows_of[year] = rows_of.get(year, []) + rows
        return dict(sorted(rows_of.items()))

    def sum(self, rows: Sequence[int]) -> float | None:
        """Return the sum of rows; None if none has a value."""
        values = [self.values[row] for row in rows]
        known = [value for value in values if value is not None]
        return float(sum(known)) if known else None

    def of(self, rows: Sequence[int]) -> pa.Table:
        """Return rows by their numbers, as the rows behind a point."""
        return self.rows.take(pa.array(list(rows), pa.int64()))


def reports(ask: Ask, flow: str, reporter: str, partner: str) -> list[Report]:
    """Return the stored reports of ``reporter``'s trade with ``partner``, best first.

    These decide, in this order:

    1. a report is better than an estimate (of the IMF, for a country that stopped reporting);
    2. more than one whole year is better than one;
    3. a newer last whole year is better;
    4. more whole years are better.

    Imports are by origin, not by consignment. For a source that does not sum the EU, its members
    are summed.
    """
    found = ask.query(
        f"""SELECT {_COLUMNS} FROM flows WHERE flow = ? AND reporter = ? AND partner = ? AND {TOTAL}
        AND coalesce(basis, '') <> 'consignment' ORDER BY source, period""",
        flow,
        reporter,
        partner,
    )
    stored = _split(ask, flow, found, summed=False)
    if partner == "EU27":
        with_union = {report.source for report in stored}
        members = ask.query(
            f"""SELECT {_COLUMNS} FROM flows WHERE flow = ? AND reporter = ? AND {TOTAL}
            AND partner IN (SELECT unnest(?)) AND NOT is_aggregate
            AND coalesce(basis, '') <> 'consignment' ORDER BY source, period""",
            flow,
            reporter,
            [*EU27, "XX_EU"],
        )
        for report in _split(ask, flow, members, summed=True):
            if report.source not in with_union:
                stored.append(report)
    return sorted(stored, key=_rank, reverse=True)


def _rank(report: Report) -> tuple[bool, bool, str, int, str]:
    """Return the rank of a report; the highest is the best, and the source's name breaks ties."""
    reported = sum(kind != "estimated" for kind in report.kinds)
    is_reported = 2 * reported > report.rows.num_rows  # most rows are
    years = list(report.years)
    newest = years[-1] if years else ""
    return is_reported, len(years) > 1, newest, len(years), report.source


def _split(ask: Ask, flow: str, found: pa.Table, *, summed: bool) -> list[Report]:
    """Return a report for each source of the rows."""
    import pyarrow.compute as pc

    out = []
    for name in pc.unique(found["source"]).to_pylist():
        rows = found.filter(pc.equal(found["source"], name))
        covered = ask.query(
            f"""SELECT DISTINCT period FROM flows WHERE source = ? AND flow = ? AND reporter = ?
            AND length(period) = 7 AND {TOTAL}""",
            name,
            flow,
            rows["reporter"][0].as_py(),
        )
        out.append(
            Report(
                source=name,
                currency=rows["currency"][0].as_py() or "",
                flow=flow,
                basis=rows["basis"][0].as_py() or "",
                rows=rows,
                covered=frozenset(covered["period"].to_pylist()),
                summed=summed,
            )
        )
    return out


def note_on_reports(ask: Ask, flow: str, reporter: str, partner: str) -> str:
    """Return a sentence on a report that is not stored, and on those that are."""
    verb = "exports" if flow == "X" else "imports"
    other_partners = _codes(ask, "partner", f"flow = '{flow}' AND reporter = '{reporter}'")
    other_reporters = _codes(ask, "reporter", f"flow = '{flow}' AND partner = '{partner}'")
    other = "M" if flow == "X" else "X"
    mirror_sources = _codes(
        ask, "source", f"flow = '{other}' AND reporter = '{partner}' AND partner = '{reporter}'"
    )
    note = (
        f"we have no report of {verb} by {country_name(reporter)} with "
        f"{country_name(partner)} as of {ask.as_of}"
    )
    if other_partners:
        note += f"; we have it with {_few(other_partners)}"
    else:
        note += f"; we have none of its {verb}"
    if other_reporters:
        note += f"; with {country_name(partner)}, we have those of {_few(other_reporters)}"
    if mirror_sources:
        side = "importer" if flow == "X" else "exporter"
        own_side = ", ".join(mirror_sources)
        note += f"; we have the partner's own side ({own_side}): ask with side={side}"
    return note + "."


def _codes(ask: Ask, column: str, where: str) -> list[str]:
    found = ask.query(
        f"SELECT DISTINCT {column} AS c FROM flows WHERE {where} AND {TOTAL} ORDER BY 1"
    )
    return found["c"].to_pylist()


def _few(codes: list[str], most: int = 12) -> str:
    """Return the first codes, and the number of the others."""
    first = ", ".join(codes[:most])
    return f"{first} and {len(codes) - most} more" if len(codes) > most else first
