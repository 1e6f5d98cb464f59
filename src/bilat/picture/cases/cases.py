# SPDX-License-Identifier: Apache-2.0
"""The pages of a diversion search: the ranked list with its flow, and a page for each case worked out.

The same pages stand in a folder of their own (``bilat divert --out``) and in the site of the picture.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from bilat.picture import folder, words
from bilat.picture.cases import case_notes, case_words
from bilat.picture.cases.case_charts import legs_chart
from bilat.picture.cases.case_interval import interval_chart, whisker
from bilat.picture.cases.route_files import write_files
from bilat.picture.cases.route_flow import flow
from bilat.picture.pages import templates
from bilat.places import country_name

#: Rows on the page: all flags up to this many, and at least so many of the ranking; the rest is in the CSV.
MOST_LISTED, LEAST_LISTED = 300, 40

#: Writes a page: its path from the root, its template, its JSON twin, what the template is told.
Write = Callable[..., None]


@dataclass(frozen=True)
class Case:
    """A row of the list with its series by period, where they were worked out."""

    rank: int
    row: Mapping[str, Any]
    series: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """The stable name of the route: ``kaz-870350``."""
        return case_words.name(self.row)

    @property
    def page(self) -> str:
        return f"cases/{self.name}.html" if self.series is not None else ""


def cases_of(plain: Mapping[str, Any]) -> list[Case]:
    """The rows in rank order, each with its series where there is one."""
    held = {(s["hub"], s["product"]): s for s in plain["series"]}
    return [
        Case(n, row, held.get((row["hub"], row["product"])))
        for n, row in enumerate(plain["rows"], 1)
    ]  # fmt: skip


def write_cases(plain: Mapping[str, Any], out: Path, *, command: str = "") -> None:
    """Write the answer of a diversion search as a folder that opens from disk.

    ``index.html`` is the list, ``cases/HUB-PRODUCT.html`` a case; every page has a JSON twin. The list lies
    beside them as ``routes.csv``, ``routes.json`` and ``routes.xlsx``, with the question and the notes. The
    folder appears whole or not at all.

    Parameters
    ----------
    plain
        ``bilat.diversion.search.divert(...).plain()``: ``summary``, ``rows`` (rank order), ``series``.
    out
        the folder; replaced if an earlier run wrote it.
    command
        the command that made the answer; blank: as far as the answer tells.

    Raises
    ------
    DataError
        where the place cannot be written, or holds files that no earlier run put there.
    """
    with folder.placed(Path(out)) as root:
        assets = root / "assets"
        assets.mkdir()
        for name in ("style.css", "site.js"):
            (assets / name).write_text(templates().get_template(name).render(), "utf-8")

        def write(path: str, template: str, twin: Mapping[str, Any], **told: Any) -> None:
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            html = (
                templates()
                .get_template(template)
                .render(
                    layout="divert_base.html",
                    root="../" * path.count("/"),
                    here=path,
                    site_title=f"Routes to {country_name(plain['summary']['target'])}",
                    version=metadata.version("bilat"),
                    **told,
                )
            )
            place.write_text(html, "utf-8")
            text = json.dumps(twin, ensure_ascii=False, indent=1, allow_nan=False)
            place.with_suffix(".json").write_text(text + "\n", "utf-8")

        write_pages(plain, root, write, index="index.html", command=command)


def write_pages(
    plain: Mapping[str, Any], root: Path, write: Write, *, index: str, command: str = ""
) -> list[Case]:
    """The list as ``index``, the cases, and the list as files; returns the rows in rank order."""
    summary, found = plain["summary"], cases_of(plain)
    made = command or case_words.command(summary)
    shared = {"summary": summary, "made_by": made, "index": index, "method": case_words.method(summary)}
    write_files(plain, root, asked(summary), made)
    listed = [c for c in found if c.rank <= LEAST_LISTED or c.row["q_value"] <= summary["flag_q"]]
    told = case_words.finding(summary, plain["rows"])
    write(
        index,
        "diversion.html",
        {"finding": told, "command": made, **plain},
        title="Diversion",
        headline=case_words.headline(summary),
        told=told,
        asked=asked(summary),
        records=case_notes.notes(summary),
        labels={c.row["product"]: case_words.goods(c.row) for c in found},
        whisker=whisker,
        between=words.interval,
        cases=listed[:MOST_LISTED],
        total=len(found),
        worked=[c for c in found if c.series is not None],
        flow=flow(summary),
        w=case_words,
        **shared,
    )
    worked = [c for c in found if c.series is not None]
    for n, case in enumerate(worked):
        _case(case, worked[n - 1] if n else None, worked[n + 1] if n + 1 < len(worked) else None, summary,
              write, shared)  # fmt: skip
    return found


def _case(
    case: Case, before: Case | None, after: Case | None, summary: Mapping[str, Any], write: Write,
    shared: Mapping[str, Any],
) -> None:  # fmt: skip
    row, series = case.row, case.series
    assert series is not None
    told, pasted = case_words.case_finding(row, summary), case_words.paragraph(row, summary)
    months = [
        {"period": p, "direct": d, "in": i, "out": o, "since": p >= summary["after"][0]}
        for p, d, i, o in zip(
            series["periods"],
            series["direct"],
            series["in"],
            series["out"] or [None] * len(series["periods"]),
            strict=True,
        )
    ]
    write(
        case.page,
        "case.html",
        {
            "finding": told,
            "paragraph": pasted,
            "rank": case.rank,
            "row": row,
            "series": series,
            "summary": summary,
            "command": shared["made_by"],
        },
        title=f"{row['hub_name']}, HS {row['product']}",
        headline=case_words.case_headline(row, summary),
        told=told,
        pasted=pasted,
        case=case,
        row=row,
        months=months,
        figure=legs_chart(row, series, summary),
        sure=interval_chart(row, summary),
        confirmation=case_notes.confirmation(row, summary),
        suppliers=case_notes.suppliers(row, summary),
        before=before,
        after=after,
        w=case_words,
        **shared,
    )


def asked(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was asked, a line each."""
    origin, basket = list(summary["origin"]), summary["basket"]
    states = words.joined([country_name(c) for c in origin])
    named = case_words.origin_name(origin)
    lines = [
        ("From", f"{named[:1].upper()}{named[1:]}" + (f": {states}" if states != named else "")),
        ("To", country_name(summary["target"])),
        ("Since", f"{words.period(summary['since'])}; looked at {case_words.window(summary)}"),
        ("Against", case_words.baseline(summary)),
        ("Goods", f"{basket['title']}, edition {basket['edition']}" if basket else "every product held"),
        ("Tested", f"{summary['pairs_tested']:,} pairs of hub and product"),
    ]  # fmt: skip
    if summary["hub_breaks"]:
        # Of a file of the whole world the flagged hubs and the target alone.
        few = set(summary["hubs"]) | {summary["target"]} if len(summary["hub_breaks"]) > 12 else None
        dated = [
            f"{country_name(h)} {words.period(p)}"
            for h, p in summary["hub_breaks"].items()
            if p and (few is None or h in few)
        ]
        if dated:
            lines.append(("Level of all these goods changed", "; ".join(dated)))
    if summary.get("as_of"):
        lines.append(("As of", words.day(summary["as_of"])))
    if said := case_notes.study(summary):
        lines.append(("Confirmation", said))
    return lines
