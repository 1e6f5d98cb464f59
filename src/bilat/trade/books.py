# SPDX-License-Identifier: Apache-2.0
"""Who reported what with whom: the reports of a pair's total trade that are held, and the best of
them.

A *report* is one source's series for reporter, partner and direction. The same pair may be reported
by
several: one is chosen by a stated rule, the others are named, none are mixed.
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

#: The members since 2020, for sources that hold members and no row of the whole.
EU27 = tuple(sorted(coalitions()["EU27"]))
#: Total trade: a source's TOTAL rows; of a source that has chapters and no total, the chapters, to
#: be summed.
TOTAL = "(nomenclature = 'TOTAL' OR (nomenclature = 'HS2' AND source = 'comtrade_russia_hs2'))"
_KEPT = """source, snapshot, part_row, vintage, locator, known_on, known_basis, revised_later,
    period, kind, reporter, partner, flow, product, nomenclature, value, currency, valuation,
    basis"""


def shift_month(month: str, by: int) -> str:
    """Return the month so many months later (or, below zero, earlier)."""
    n = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{n // 12:04d}-{n % 12 + 1:02d}"


def months(start: str, end: str) -> list[str]:
    """Return every month from the first to the last, both included."""
    out = [start]
    while out[-1] < end:
        out.append(shift_month(out[-1], 1))
    return out


@dataclass(frozen=True)
class Report:
    """One source's report of one pair: rows as of the date asked."""

    source: str
    currency: str
    flow: str
    basis: str
    rows: pa.Table
    covered: frozenset[
        str
    ]  #: months the source has of this reporter and direction, whoever the partner
    summed: bool = False  #: the partner is the sum of the EU's members

    @cached_property
    def monthly(self) -> bool:
        """Whether every row is a month; where only years are held of some partners that are summed,
        months alone would be a part of the sum.
        """
        return all(len(p) == 7 for p in self.periods)

    @cached_property
    def periods(self) -> list[str]:
        return self.rows["period"].to_pylist()

    @cached_property
    def values(self) -> list[float | None]:
        return self.rows["value"].to_pylist()

    @cached_property
    def kinds(self) -> list[str]:
        return self.rows["kind"].to_pylist()

    def kind(self, rows: Sequence[int]) -> str:
        """Return the weakest kind of the rows: estimated, then derived, then reported.

        Sums of a publisher's rows are as reported as the rows.
        """
        kinds = {self.kinds[i] for i in rows}
        if "estimated" in kinds:
            return "estimated"
        return "derived" if "derived" in kinds and self._derived else "reported"

    @property
    def _derived(self) -> str:
        """How the source says that its derived rows were made; blank for a source of none."""
        return sources()[self.source].derived

    def note(self, rows: Sequence[int]) -> str:
        """Say how the rows were made where they are not as reported."""
        said = {"estimated": "estimated by the publisher", "derived": self._derived}
        return said.get(self.kind(rows), "")

    @cached_property
    def holes(self) -> list[str]:
        """Months between the first and the last one of which no figure is stored."""
        found = {p for p in self.periods if len(p) == 7}
        if not found:
            return []
        return [m for m in months(min(found), max(found)) if m not in found]

    def windows(self, months: Sequence[str]) -> list[int] | None:
        """Rows of the given months; None where the source does not cover them all or the pair has
        none.
        """
        if not set(months) <= self.covered:
            return None
        wanted = set(months)
        found = [i for i, p in enumerate(self.periods) if p in wanted]
        return found or None

    @cached_property
    def years(self) -> dict[str, list[int]]:
        """Rows of each whole year. A year that ends after its figure was known, or of which the
        source covers fewer than twelve months, is not a whole year and left out.
        """
        out: dict[str, list[int]] = {}
        known = self.rows["known_on"].to_pylist()
        for i, period in enumerate(self.periods):
            if len(period) == 4 and known[i].isoformat() > f"{period}-12-31":
                out.setdefault(period, []).append(i)
        for year in sorted({p[:4] for p in self.periods if len(p) == 7}):
            rows = self.windows([f"{year}-{m:02d}" for m in range(1, 13)])
            if rows is not None:
                out[year] = out.get(year, []) + rows
            else:
                out.pop(year, None)
        return dict(sorted(out.items()))

    def sum(self, rows: Sequence[int]) -> float | None:
        """The sum of rows; None where none has a value."""
        known = [v for i in rows if (v := self.values[i]) is not None]
        return float(sum(known)) if known else None

    def of(self, rows: Sequence[int]) -> pa.Table:
        """The rows themselves, to stand behind a point."""
        return self.rows.take(pa.array(list(rows), pa.int64()))


def reports(ask: Ask, flow: str, reporter: str, partner: str) -> list[Report]:
    """Every report held of ``reporter``'s trade with ``partner``, best first.

    Best: a report over an estimate (IMF figures for a country that stopped reporting); more than
      one whole
    year over a single one; then the newest whole year; then the most whole years. Imports are by
    origin where a source has both; a partner EU27 that a source does not sum is summed here from
    its members.
    """
    found = ask.query(
        f"""SELECT {_KEPT} FROM flows WHERE flow = ? AND reporter = ? AND partner = ? AND {TOTAL}
        AND coalesce(basis, '') <> 'consignment' ORDER BY source, period""",
        flow,
        reporter,
        partner,
    )
    out = _split(ask, flow, found, summed=False)
    if partner == "EU27":
        have = {r.source for r in out}
        members = ask.query(
            f"""SELECT {_KEPT} FROM flows WHERE flow = ? AND reporter = ? AND {TOTAL}
            AND partner IN (SELECT unnest(?)) AND NOT is_aggregate
            AND coalesce(basis, '') <> 'consignment' ORDER BY source, period""",
            flow,
            reporter,
            [*EU27, "XX_EU"],
        )
        out += [r for r in _split(ask, flow, members, summed=True) if r.source not in have]
    return sorted(out, key=_rank, reverse=True)


def _rank(r: Report) -> tuple[int, int, str, int, str]:
    # Figures that the publisher itself calls estimates stand behind every report.
    reported = sum(k != "estimated" for k in r.kinds) * 2 > r.rows.num_rows
    whole = list(r.years)
    return int(reported), int(len(whole) > 1), whole[-1] if whole else "", len(whole), r.source


def _split(ask: Ask, flow: str, found: pa.Table, *, summed: bool) -> list[Report]:
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
    """One sentence on what is held instead of a report that is not."""
    verb = "exports" if flow == "X" else "imports"
    mine = _codes(ask, "partner", f"flow = '{flow}' AND reporter = '{reporter}'")
    theirs = _codes(ask, "reporter", f"flow = '{flow}' AND partner = '{partner}'")
    other = "M" if flow == "X" else "X"
    mirrored = _codes(
        ask, "source", f"flow = '{other}' AND reporter = '{partner}' AND partner = '{reporter}'"
    )
    said = (
        f"no report of {verb} by {country_name(reporter)} with {country_name(partner)} "
        f"is held as of {ask.as_of}"
    )
    said += f"; held with other partners: {_few(mine)}" if mine else f"; none of its {verb} is held"
    if theirs:
        said += f"; held of others with {country_name(partner)}: {_few(theirs)}"
    if mirrored:
        side = "importer" if flow == "X" else "exporter"
        said += f"; the partner's own side is held ({', '.join(mirrored)}): ask with side={side}"
    return said + "."


def _codes(ask: Ask, column: str, where: str) -> list[str]:
    found = ask.query(
        f"SELECT DISTINCT {column} AS c FROM flows WHERE {where} AND {TOTAL} ORDER BY 1"
    )
    return found["c"].to_pylist()


def _few(codes: list[str], most: int = 12) -> str:
    return ", ".join(codes[:most]) + (f" and {len(codes) - most} more" if len(codes) > most else "")
