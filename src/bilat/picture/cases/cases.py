# SPDX-License-Identifier: Apache-2.0
"""The pages of a diversion search: the ranked list with its flow, and a page for each case worked out.

The same pages stand in a folder of their own (``bilat divert --out``) and in the site of the picture.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from bilat.document import wording as words
from bilat.handling import Marking
from bilat.picture import folder
from bilat.picture.cases import case_words
from bilat.picture.cases.case_beside import ask_next, beside, grid, lacking, weighed
from bilat.picture.cases.case_charts import legs_chart
from bilat.picture.cases.case_interval import interval_chart, whisker
from bilat.picture.cases.route import Route, Search, search_of
from bilat.picture.cases.route_files import write_files
from bilat.picture.cases.route_flow import flow
from bilat.picture.pages import templates
from bilat.places import country_name

#: Rows of each list of the page: all flags and cases up to this many, and so many of the ranking; the rest is in the
#: CSV.
MOST_LISTED, LEAST_LISTED = 300, 40

#: Writes a page: its path from the root, its template, its JSON twin, what the template is told.
Write = Callable[..., None]


def write_cases(
    plain: Mapping[str, Any], out: Path, *, command: str = "", marking: Marking | None = None
) -> None:
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
    marking
        how far it may be passed on: it stands on every page and in every file.

    Raises
    ------
    DataError
        where the place cannot be written, or holds files that no earlier run put there.
    """
    search = search_of(plain)
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
                    site_title=f"Routes to {search.target_name}",
                    version=metadata.version("bilat"),
                    marking=marking,
                    **told,
                )
            )
            place.write_text(html, "utf-8")
            told_as = {"marking": str(marking), **twin} if marking else twin
            text = json.dumps(told_as, ensure_ascii=False, indent=1, allow_nan=False)
            place.with_suffix(".json").write_text(text + "\n", "utf-8")

        write_pages(search, root, write, index="index.html", command=command, marking=marking)


def write_pages(
    search: Search,
    root: Path,
    write: Write,
    *,
    index: str,
    command: str = "",
    marking: Marking | None = None,
) -> None:
    """The list as ``index``, the cases, and the list as files."""
    call = command or case_words.command(search)
    shared = {
        "s": search,
        "made_by": call,
        "index": index,
        "method": case_words.method(search),
        "w": case_words,
    }
    lines = asked(search)
    write_files(search, root, lines, call, marking)
    routes, told = search.routes, case_words.finding(search)
    worked = [r for r in routes if r.months is not None]
    lists = [
        (
            title,
            [
                r
                for place, r in enumerate(of_it, 1)
                if place <= LEAST_LISTED or search.flagged(r) or r.months is not None
            ][:MOST_LISTED],
        )
        for title, of_it in search.lists
    ]
    write(
        index,
        "diversion.html",
        {"finding": told, "command": call, **search.plain},
        title="Diversion",
        headline=case_words.headline(search),
        told=told,
        asked=lines,
        records=case_words.notes(search.notes),
        labels={r.product: r.goods for r in routes},
        whisker=whisker,
        lists=lists,
        shown=sum(len(of_it) for _, of_it in lists),
        grid=grid(search),
        total=len(routes),
        worked=worked,
        flow=flow(search),
        **shared,
    )
    for before, route, after in zip([None, *worked], worked, [*worked[1:], None], strict=False):
        _case(route, before, after, search, write, shared)


def _case(
    route: Route, before: Route | None, after: Route | None, search: Search, write: Write,
    shared: Mapping[str, Any],
) -> None:  # fmt: skip
    months, search = route.months, search.about(route)
    assert months is not None
    headline, pasted = case_words.case_finding(route, search), case_words.paragraph(route, search)
    blank = (None,) * len(months.periods)
    legs = [leg or blank for leg in (months.direct, months.into, months.out)]
    write(
        route.page,
        "case.html",
        {
            "finding": headline,
            "paragraph": pasted,
            "rank": route.rank,
            "row": route.plain,
            "series": months.plain,
            "summary": search.plain["summary"],
            "command": shared["made_by"],
        },
        title=f"{route.hub_name}, HS {route.product}",
        headline=case_words.case_headline(route, search),
        told=headline,
        pasted=pasted,
        r=route,
        months=list(zip(months.periods, *legs, strict=True)),
        figure=legs_chart(route, months, search),
        sure=interval_chart(route, search),
        suppliers=case_words.suppliers(route, search),
        beside=beside(route, search),
        weighed=weighed(route, search),
        lacking=lacking(route, search),
        ask_next=ask_next(route, search),
        before=before,
        after=after,
        **{**shared, "s": search},
    )


def asked(search: Search) -> list[tuple[str, str]]:
    """What was asked, a line each."""
    states = words.joined([country_name(c) for c in search.origin])
    named, basket = search.origin_name, search.basket
    lines = [
        ("From", words.capital(named) + (f": {states}" if states != named else "")),
        ("To", search.target_name),
        (
            "Since",
            f"the month in which the EU listed a good, {search.window} at the most"
            if search.since == "listed"
            else f"{words.period(search.since)}; looked at {search.window}",
        ),
        ("Against", search.baseline),
        ("Goods", f"{basket['title']}, edition {basket['edition']}" if basket else "every product held"),
        ("Tested", f"{search.pairs_tested:,} pairs of hub and product"),
    ]
    # Of a file of the whole world the hubs of the routes and the target alone.
    few = {h.code for h in search.hubs} | {search.target}
    dated = [
        f"{country_name(h)} {words.period(p)}"
        for h, p in search.changes.items()
        if p and (len(search.changes) <= 12 or h in few)
    ]
    if dated:
        lines.append(("Level of all these goods changed", "; ".join(dated)))
    if search.as_of:
        lines.append(("As of", words.day(search.as_of)))
    return lines
