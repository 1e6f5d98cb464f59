# SPDX-License-Identifier: Apache-2.0
"""The picture as a site that opens from disk: the lead, the claims, the monitor, the plans, the map, the sources.

Every page is a document with its JSON twin beside it; rows lie beside them as CSV, whole.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bilat.document import Block, Document, Frame, Next, Question, Section, Series, typeface
from bilat.document.commands import writer
from bilat.document.html import Surface, chart_alone, fragment
from bilat.document.page import style_sheet, templates
from bilat.document.plain import envelope
from bilat.document.questions import questions
from bilat.dyad import Dyad
from bilat.errors import BilatError
from bilat.handling import Marking
from bilat.holdings import default_folder
from bilat.lookup.sources import SourcesQuestion, catalogued
from bilat.measures import Measurement, MeasureQuestion
from bilat.picture import exercises, page_cache, rows
from bilat.picture.asks import text_of
from bilat.picture.exercise_map import exercise_map
from bilat.picture.folder import placed
from bilat.picture.front import ALSO, CHANGED, WATCH
from bilat.picture.picture import Picture
from bilat.picture.topics import other_pairs
from bilat.verdicts.document import of_claim, of_claims, question_of
from bilat.verdicts.paper import of_paper
from bilat.verdicts.questions import ClaimsQuestion, ProfileQuestion

#: Plans that the first page names; the window sums up recovery. The others are behind a click.
FIRST_PLANS = ("plans/window", "plans/backfill", "plans/blockade")
#: Sections of the first page that are behind a click, so that the rest is read in four minutes.
FOLDED = (ALSO, CHANGED)


def plans() -> tuple[tuple[str, str, Question], ...]:
    """Return the pages that the site works out besides the claims: address, name and question."""
    declared = [(q.page, q) for q in questions().values() if q.page is not None]
    ordered = sorted(declared, key=lambda pair: (pair[0].rank, pair[0].address))
    return tuple((page.address, page.name, q.read(page.fields)) for page, q in ordered)


def write(picture: Picture, out: Path, step: Callable[[str], None] = lambda what: None) -> None:
    """Write the site, whole or not at all.

    Raises
    ------
    DataError
        where the place cannot be written.
    """
    with placed(out) as root:
        _Site(picture, root, step).build()


class _Site:
    def __init__(self, picture: Picture, root: Path, step: Callable[[str], None]) -> None:
        self.picture = picture
        self.root = root
        self.step = step
        self.frame = Frame(picture.dyad, picture.as_of, picture.holdings)
        self.measured: dict[str, Measurement] = {}
        self.plans: list[tuple[str, str, str]] = []  #: address, name, first sentence
        self.menu = [("claims", "Claims")]
        self.kept: list[tuple[str, page_cache.CachedPage]] = []

    def build(self) -> None:
        self._assets()
        if self.picture.home:
            self._plans()
            self.menu += [(at, name) for at, name, _ in self.plans[:1]]
            self.menu += [("paper", "The paper"), ("profile", "Profile")]
            self.menu += [("pairs", "Other pairs")]
        self.menu += [("map", "Exercises"), ("measures", "Measures"), ("sources", "Sources")]
        self.step("writing the pages")
        for j in self.picture.judged:
            for m in j.measurements:
                self.measured.setdefault(rows.key(m, self.picture.dyad), m)
        for name, m in self.measured.items():
            if rows.written(m):
                rows.write_csv(m, self.root / rows.csv_name(m, name))
        for j in self.picture.judged:
            self._document(f"claims/{j.id}", of_claim(j, ClaimsQuestion(j.id)))
        claims = of_claims(self.picture.judged, ClaimsQuestion(), self.frame)
        of_each = [
            {"id": j.id, "json": f"claims/{j.id}.json"} for j in self.picture.judged
        ]  # whole, each in its own
        self._document("claims", replace(claims, data=of_each))
        if self.picture.home:
            paper = ClaimsQuestion(paper=True)
            self._document("paper", of_paper(self.picture.judged, paper, self.frame))
            self._document("profile", ProfileQuestion().answer(self.frame))
            self._pairs()
        for at, page in self.kept:
            self._page(at, Markup(page.html), page.title, page.envelope)
        self._document("measures", MeasureQuestion().answer(self.frame))
        self._map()
        d = SourcesQuestion().answer(self.frame)
        self._document("sources", replace(d, blocks=(*d.blocks, *catalogued())))
        self._index()

    # -- pages -----------------------------------------------------------------------------------
    def _plans(self) -> None:
        """The monitor and the plans; what the records of a date do not allow says so on its page."""
        for at, name, question in plans():
            self.step(f"working out {name}")
            try:
                page = page_cache.page(question, self.frame, self._made, str(self.picture.marking))
            except BilatError as e:  # it is asked again the next time
                verb = " ".join(question.verb).capitalize()
                refused = Document(
                    "refused", verb, (f"We cannot say at this date: {e}",), (), question=question
                )
                page = self._shown(refused)
            self.kept.append((at, page))
            self.plans.append((at, name, page.first))

    def _made(self, question: Question) -> page_cache.CachedPage:
        return self._shown(question.answer(self.frame))

    def _shown(self, d: Document) -> page_cache.CachedPage:
        d = d.within(self.picture.marking) if self.picture.marking else d
        surface = Surface(command=writer(d), cite="bilat", marked=True)
        return page_cache.CachedPage(
            title=d.title,
            first=d.short_answer,
            html=fragment(d, surface),
            envelope=envelope(d),
        )

    def _index(self) -> None:
        d = self.picture.document
        data = {k: v for k, v in d.data.items() if k != "claims"}  # each has its own
        asked = {at: question for at, _, question in plans()}
        # The monitor tells what was bought; it plans nothing, and the menu leads to it.
        ahead = [(at, first) for at, _, first in self.plans if asked[at].heading == "plan"]
        each = {at: Next(_sentence(first).removesuffix("."), asked[at]) for at, first in ahead}
        first_plans = tuple(each.pop(at) for at in FIRST_PLANS if at in each)
        more = (Section("What to plan for", first_plans),) if first_plans else ()
        # The claims have a page of their own.
        shown = [b for b in d.blocks if not isinstance(b, Section) or not b.detail]
        whole = [_folded(b) for b in _with_also(shown, list(each.values()))]
        titles = [b.title if isinstance(b, Section) else "" for b in whole]
        before = titles.index(WATCH) if WATCH in titles else max(len(whole) - 1, 0)
        blocks = (*whole[:before], *more, *whole[before:])
        self._document("index", replace(d, data=data, blocks=blocks), self.picture.title)

    def _pairs(self) -> None:
        """A first page for other pairs, and the list of them."""
        rows = []
        beside = (
            f"{self.picture.marking} {text_of(self.picture.holdings.folder or default_folder())}"
        )
        for pair in other_pairs():
            self.step(f"looking at {pair.name}")
            frame = Frame(pair, self.picture.as_of, self.picture.holdings)
            page = page_cache.page(
                ProfileQuestion(),
                frame,
                lambda _, pair=pair: self._pair(pair),  # type: ignore[misc]
                beside,
            )
            at = f"pairs/{pair}"
            self._page(at, Markup(page.html), page.title, page.envelope)
            rows.append(
                f'<li><a href="{at}.html">{escape(pair.name)}</a>: {escape(page.first)}.</li>'
            )
        body = f'<section class="lead"><h1>Other pairs</h1></section><ul>{"".join(rows)}</ul>'
        d = Document(
            "pairs",
            "Other pairs",
            (),
            (),
            data=[str(p) for p in other_pairs()],
            as_of=self.picture.as_of,
        )
        self._page("pairs", Markup(body), d.title, envelope(d))

    def _pair(self, pair: Dyad) -> page_cache.CachedPage:
        picture = Picture(
            pair, self.picture.as_of, (), self.picture.holdings, marking=self.picture.marking
        )
        return replace(self._shown(picture.document), title=pair.name, first=picture.headline)

    def _map(self) -> None:
        found = exercises.held(self.picture.dyad, self.picture.as_of, self.picture.holdings)
        drawn = exercise_map(found, self.picture.as_of, self.picture.holdings)
        d = exercises.document(found, self.picture.dyad, self.picture.as_of)
        body = fragment(d, Surface())
        self._page(
            "map", Markup(body.replace("</section>", f"</section>{drawn}", 1)), d.title, envelope(d)
        )

    def _document(self, at: str, d: Document, title: str = "") -> None:
        if self.picture.marking:
            d = d.within(self.picture.marking)
        up = "../" * at.count("/")
        surface = Surface(
            link=lambda q, pair: self._link(q, pair, up),
            command=writer(d),
            marked=True,
            cite="bilat",
            alone=lambda series, key: self._chart(f"{at.replace('/', '-')}-{key}", series, at, up),
        )
        self._page(at, Markup(fragment(d, surface)), title or d.title, envelope(d))

    def _chart(self, name: str, series: Series, at: str, up: str) -> str:
        """Write the page of a chart alone, which a new site replaces; return its address."""
        folder = self.root / "charts"
        folder.mkdir(exist_ok=True)
        page = (
            templates("bilat.picture")
            .get_template("chart.html")
            .render(
                title=series.title or series.subtitle,
                heading="",  # the chart has its own
                body=Markup(chart_alone(series)),
                home=f"../{at}.html",
                as_of=self.picture.as_of.date,
                marking=self.picture.marking,
                style="../assets/style.css",
            )
        )
        (folder / f"{name}.html").write_text(page, "utf-8")
        title = series.title or series.subtitle
        twin = Document("chart", title, (), (series,), as_of=self.picture.as_of)
        _write_json(folder / f"{name}.json", envelope(twin), self.picture.marking)
        return f"{up}charts/{name}.html"

    # -- parts -----------------------------------------------------------------------------------
    def _link(self, question: Question, pair: Dyad | None, up: str) -> str:
        """Where the site answers a question; blank where it does not."""
        if isinstance(question, ClaimsQuestion):
            if question.paper:
                return f"{up}paper.html" if self.picture.home else ""
            return f"{up}claims/{question.only}.html" if question.only else f"{up}claims.html"
        if at := next((at for at, _, plan in plans() if plan == question), ""):
            return f"{up}{at}.html"
        for name, m in self.measured.items():
            same = pair is None or m.dyad in (pair, None)
            if same and rows.written(m) and question_of(m) == question:
                return up + rows.csv_name(m, name)
        return ""

    def _assets(self) -> None:
        assets = self.root / "assets"
        assets.mkdir(exist_ok=True)
        (assets / "style.css").write_text(style_sheet(has_files=True), "utf-8")
        script = templates("bilat.picture").get_template("site.js").render()
        (assets / "site.js").write_text(script, "utf-8")
        for file in typeface.files():
            shutil.copyfile(file, assets / Path(file).name)

    def _page(self, at: str, body: Markup, title: str, twin: Any) -> None:
        target = self.root / f"{at}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        html = (
            templates("bilat.picture")
            .get_template("page.html")
            .render(
                root="../" * at.count("/"),
                here=f"{at}.html",
                body=body,
                title=title,
                picture=self.picture,
                menu=self.menu,
                marking=self.picture.marking,
                version=metadata.version("bilat"),
            )
        )
        target.write_text(html, "utf-8")
        _write_json(target.with_suffix(".json"), twin, self.picture.marking)


def _write_json(target: Path, twin: Any, marking: Marking | None) -> None:
    """Write the twin of a page, with how far it may be passed on."""
    if marking:
        twin = {"marking": str(marking), **twin}
    text = json.dumps(twin, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    target.write_text(text + "\n", "utf-8")


def _with_also(blocks: list[Block], lines: Sequence[Block]) -> list[Block]:
    """Return the blocks of the first page with further lines in its section of other topics."""
    if not lines:
        return blocks
    for place, block in enumerate(blocks):
        if isinstance(block, Section) and block.title == ALSO:
            more = replace(block, blocks=(*block.blocks, *lines))
            return [*blocks[:place], more, *blocks[place + 1 :]]
    return [*blocks, Section(ALSO, tuple(lines))]


def _folded(block: Block) -> Block:
    """Return a block of the first page, behind a click if it is one of those."""
    if isinstance(block, Section) and block.title in FOLDED:
        return replace(block, detail=True)
    return block


def _sentence(text: str) -> str:
    """Return the first sentence of a text."""
    return re.split(r"(?<=[.!?]) (?=[A-Z$€])", text, maxsplit=1)[0]
