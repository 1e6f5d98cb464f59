# SPDX-License-Identifier: Apache-2.0
"""The site: one folder that opens from disk, fetches nothing, and reads without JavaScript."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bilat import measures
from bilat.catalog import sources
from bilat.document import wording as words
from bilat.errors import Damaged
from bilat.measures import Measurement
from bilat.picture import arithmetic, folder, rows, story
from bilat.picture.cases import cases, routes
from bilat.picture.charts import charts, map, render, sparks
from bilat.picture.charts.figures import Figure, Figures
from bilat.picture.compose import Picture
from bilat.picture.models import in_site
from bilat.picture.pages import templates
from bilat.picture.story import Entry
from bilat.verdicts.judgement import Judgement, Leg

#: Further measurements of a claim that are drawn beside the deciding one.
MOST_CHARTS = 3
MOST_CHAPTER_CHARTS = 4
#: Rows shown of a measurement that no test rests on.
FEW_ROWS = 8


def write(picture: Picture, out: Path, studio: render.Studio, *, slow_models: bool = False) -> None:
    """Build the whole site beside its place, then move it there.

    ``slow_models``: with the pages of the models that take minutes.

    Raises
    ------
    DataError
        where the place cannot be written, or holds files that are no earlier picture's.
    """
    with folder.placed(out) as root:
        Site(picture, root, studio, slow_models=slow_models).build()


class Site:
    """The pages of one picture, built into a folder."""

    def __init__(
        self, picture: Picture, root: Path, studio: render.Studio, *, slow_models: bool = False
    ) -> None:
        self.picture = picture
        self.root = root
        self.slow_models = slow_models
        self._exercise_key = ""
        self.figures = Figures(studio)
        self.rule = picture.since.date if picture.since else None
        self.chapters = story.by_chapter(picture.entries)
        self.measurements: dict[str, Measurement] = {}
        for e in picture.entries:
            for m in e.measurements:
                self.measurements.setdefault(e.key(m), m)

    def build(self) -> None:
        self._ask_for_charts()
        self.figures.begin()  # the pages without charts and the tables of rows come while it draws
        _ = self.hubs  # its rows are written with the others
        for name, m in self.measurements.items():
            if m.evidence.num_rows:
                rows.write_csv(m, self.root / rows.csv_name(m, name))
            self._figures_and_rows(name, m)
        if self.picture.diversion is not None:
            cases.write_pages(
                self.picture.diversion, self.root, self._route_page, index="diversion.html",
                command=routes.command(self.picture.as_of), marking=self.picture.marking,
            )  # fmt: skip
        self._sources()
        self.figures.draw()
        self._assets()
        self._page(
            "index.html", "index.html", self.picture.to_json(),
            question="The overview", overview=self._overview(),
        )  # fmt: skip
        for chapter, entries in self.chapters:
            self._chapter(chapter, entries)
        order = [e for _, entries in self.chapters for e in entries]
        for before, e, after in zip([None, *order], order, [*order[1:], None], strict=False):
            self._claim(e, before, after)
        self._map()
        self._models()

    # -- what is drawn ---------------------------------------------------------------------------
    def _ask_for_charts(self) -> None:
        for e in self.picture.entries:
            for m in e.measurements[:MOST_CHARTS]:
                drawn = [
                    charts.chart(
                        m,
                        rule=self.rule,
                        width=width,
                        focus=e.focus(m),
                        windows=e.windows if m is e.now.evidence else (),
                        decided=e.decided(m),
                    )
                    for width in (charts.WIDE, charts.NARROW)
                ]
                self.figures.ask(self._figure(e, m), drawn[0], drawn[1], f"rows/{e.key(m)}.figures.csv")
        as_of, held = self.picture.as_of, self.picture.holdings
        source = words.joined(sorted({_producer(e.source) for e in self.exercises}))

        def world(width: int, era: tuple[int, int] | None = None) -> charts.Chart | None:
            outlines = map.land(as_of, held, coarse=width < 600)
            return map.world(self.picture.dyad, self.exercises, outlines, as_of, source, width=width, era=era)

        self.figures.ask("map", world(1060), world(charts.NARROW))
        for era in map.ERAS:
            self.figures.ask(f"map-{era[0]}", world(520, era))

    @cached_property
    def exercises(self) -> list[map.Exercise]:
        try:
            found = measures.ask(
                "exercises.count",
                self.picture.dyad,
                as_of=self.picture.as_of,
                holdings=self.picture.holdings,
            )
        except Damaged:  # told once when the holdings are read, and by each claim that rests on events
            return []
        self._exercise_key = story.key(found, self.picture.dyad)
        self.measurements.setdefault(self._exercise_key, found)
        return map.exercises(found)

    def _exercise_page(self) -> str:
        """The page of the figures and rows of the exercises; blank where none are held."""
        return f"rows/{self._exercise_key}.html" if self.exercises else ""

    @staticmethod
    def _figure(e: Entry, m: Measurement) -> str:
        return words.slug(f"{e.id}-{e.key(m)}").replace(".", "-")

    @cached_property
    def hubs(self) -> Measurement | None:
        found = routes.growth(self.picture.dyad, self.picture.as_of, self.picture.holdings)
        if found is not None:
            self.measurements.setdefault(story.key(found, self.picture.dyad), found)
        return found

    def _figures(self, e: Entry, most: int = MOST_CHARTS) -> list[Figure]:
        found = [self.figures.get(self._figure(e, m)) for m in e.measurements[:most]]
        return [f for f in found if f is not None]

    # -- pages -----------------------------------------------------------------------------------
    def _overview(self) -> dict[str, Any]:
        return {
            "findings": [{"e": e, "spark": self._spark(e)} for e in self.picture.findings],
            "old": sum(e.old for e in self.picture.entries if e.measured),
            "changed": [e for e in self.picture.entries if e.moved and e.measured],
            "tally": story.tally(self.picture.entries),
            "ledger": [
                {
                    "chapter": chapter,
                    "title": story.chapter_title(chapter),
                    "rows": [{"e": e, "spark": self._spark(e)} for e in entries],
                }
                for chapter, entries in self.chapters
            ],
            "map": self.figures.get("map"),
            "exercises": self.exercises,
            "routes": routes.from_search(self.picture.routes),
            "routes_note": self.picture.routes_note,
            "routes_span": self.picture.diversion.span if self.picture.diversion else "",
            "routed": self.picture.diversion is not None,
            "hubs": routes.from_growth(self.hubs) if self.hubs is not None else [],
            "hubs_csv": rows.csv_name(self.hubs, story.key(self.hubs, self.picture.dyad))
            if self.hubs is not None
            else "",
            "hubs_page": f"rows/{story.key(self.hubs, self.picture.dyad)}.html"
            if self.hubs is not None
            else "",
            "hubs_foot": charts.foot(self.hubs) if self.hubs is not None else "",
            "blind": story.blind(self.picture.entries),
        }

    def _spark(self, e: Entry) -> Markup:
        m, lead = e.now.evidence, e.now.lead
        if m is None or lead is None:
            return Markup()
        return sparks.spark(m, rule=self.rule, value=lead.value, period=lead.period, focus=e.focus(m))

    def _chapter(self, chapter: str, entries: list[Entry]) -> None:
        figures: dict[str, tuple[Figure, Entry]] = {}
        for e in sorted(entries, key=lambda e: (not e.moved, not e.measured)):
            for f in self._figures(e, 1):
                figures.setdefault(e.key(e.measurements[0]), (f, e))
        question = story.question(chapter, self.picture.dyad)
        self._page(
            f"chapters/{chapter}.html",
            "chapter.html",
            {
                "chapter": chapter,
                "question": question,
                "claims": [e.now.to_json() for e in entries],
            },
            title=story.chapter_title(chapter),
            question=question,
            answer=" ".join(e.answered.sentence for e in story.findings(entries, 1)),
            models=[m for m in in_site.MODELS if chapter in m.chapters],
            entries=[{"e": e, "spark": self._spark(e)} for e in entries],
            figures=list(figures.values())[:MOST_CHAPTER_CHARTS],
            minds=[e for e in entries if e.measured],
            undecided=[e for e in entries if not e.measured],
        )

    def _claim(self, e: Entry, before: Entry | None, after: Entry | None) -> None:
        tables = [t for m in e.measurements if m.evidence.num_rows and (t := self._deciding(e, m)).rows]
        self._page(
            f"claims/{e.id}.html",
            "claim.html",
            {
                "id": e.id,
                "now": e.now.to_json(),
                "measurements": [
                    {
                        "name": m.name,
                        "title": m.title,
                        "unit": str(m.unit),
                        "params": dict(m.params),
                        "key": e.key(m),
                        "rows": self._csv(m),
                        "figures": f"rows/{e.key(m)}.json",
                    }
                    for m in e.measurements
                ],
            },
            title=f"{e.id}, {e.answered.answer}: {e.now.claim}",
            e=e,
            told=e.answered.sentence,
            figures=self._figures(e),
            lines=self._lines(e),
            anchored={a for t in tables for a in t.anchors},
            measured={self._figure(e, m): e.key(m) for m in e.measurements},
            tables=tables,
            commands=self._commands(e.now),
            used=[sources()[n] for n in e.now.sources if n in sources()],
            chapter_title=story.chapter_title(e.now.chapter),
            before=before,
            after=after,
        )

    def _map(self) -> None:
        eras = [self.figures.get(f"map-{a}") for a, _ in map.ERAS]
        title = map.title(self.picture.dyad, self.exercises)
        self._page(
            "map.html",
            "map.html",
            {
                "finding": title,
                "exercises": [
                    {
                        k: getattr(x, k)
                        for k in (
                            "event", "name", "period", "place", "latitude", "longitude", "participants",
                            "joined", "domain", "troops", "ships", "aircraft", "url", "source", "snapshot",
                            "locator", "known_on",
                        )
                    }
                    for x in self.exercises
                ],
            },
            title="Exercises",
            told=title,
            whole=self.figures.get("map"),
            rows_page=self._exercise_page(),
            eras=[f for f in eras if f is not None],
            exercises=self.exercises,
        )  # fmt: skip

    def _models(self) -> None:
        built = in_site.build(
            self.root, self.picture.as_of, self.picture.holdings, slow=self.slow_models,
            marking=self.picture.marking, withheld=self.picture.withheld,
        )  # fmt: skip
        self._page(
            "models.html", "models.html",
            {"models": [{"question": b.model.question, "command": b.model.command, "page": b.path, "first": b.first,
                         "why_not": b.why_not} for b in built]},
            title="Models", built=built,
        )  # fmt: skip

    def _sources(self) -> None:
        used: dict[str, dict[str, str]] = {}
        for m in self.measurements.values():
            for given in m.sources:
                used.setdefault(given["name"], {}).update(given["snapshots"])
        for e in self.picture.entries:
            for name in e.now.sources:
                used.setdefault(name, {})
        held = {(h["source"], h["sha256"]): h for h in self.picture.holdings.entries()}
        listed: list[dict[str, Any]] = []
        for name in sorted(n for n in used if n in sources()):
            s = sources()[name]
            editions = [
                {
                    "sha256": sha,
                    "vintage": held.get((name, sha), {}).get("vintage") or vintage,
                    "basis": held.get((name, sha), {}).get("vintage_basis", ""),
                    "path": held.get((name, sha), {}).get("path", ""),
                }
                for sha, vintage in sorted(used[name].items(), key=lambda kv: kv[1])
            ]
            claims = [e.id for e in self.picture.entries if name in e.now.sources]
            listed.append({"s": s, "editions": editions, "claims": claims})
        self._page(
            "sources.html",
            "sources.html",
            {
                "sources": [
                    {
                        "name": x["s"].name,
                        "title": x["s"].title,
                        "producer": x["s"].producer,
                        "citation": x["s"].citation,
                        "licence": x["s"].licence,
                        "url": x["s"].url,
                        "grade": x["s"].grade,
                        "side": x["s"].side,
                        "editions": x["editions"],
                        "claims": x["claims"],
                    }
                    for x in listed
                ]
            },
            title="Sources",
            listed=listed,
        )

    # -- parts -----------------------------------------------------------------------------------
    def _deciding(self, e: Entry, m: Measurement) -> rows.Rows:
        """The rows that decide a claim; of a measurement that no test rests on its newest."""
        name = e.key(m)
        points = [(p, arithmetic.anchor(name, p)) for p in arithmetic.operands(e.decided(m))]
        if not points:
            return rows.rows(m, name, self._csv(m), FEW_ROWS)
        return rows.deciding(m, name, self._csv(m), points)

    def _lines(self, e: Entry) -> list[tuple[Leg, arithmetic.Sum]]:
        made = []
        for leg in e.now.legs:
            if leg.decision is not None:
                line = arithmetic.line(leg, e.key(leg.decision.measurement))
                if line is not None:
                    made.append((leg, line))
        return made

    def _figures_and_rows(self, name: str, m: Measurement) -> None:
        """The page of a measurement: all its figures and the newest of its rows, on demand beside the claims."""
        rows.points_csv(m, self.root / f"rows/{name}.figures.csv")
        csv = rows.csv_name(m, name)
        self._page(
            f"rows/{name}.html", "rows.html", {**m.to_json(), "key": name, "rows": csv},
            title=m.title, m=m, name=name, table=rows.rows(m, name, csv) if m.evidence.num_rows else None,
            used_by=[e for e in self.picture.entries if any(e.key(x) == name for x in e.measurements)],
        )  # fmt: skip

    def _csv(self, m: Measurement) -> str:
        return rows.csv_name(m, story.key(m, self.picture.dyad))

    def _commands(self, j: Judgement) -> list[str]:
        dyad = f"{self.picture.dyad.a} {self.picture.dyad.b}"
        dates = [str(self.picture.since)] if self.picture.since else []
        dates.append(str(self.picture.as_of))
        made = [f"bilat claims {dyad} --only {j.id} --as-of {d} --json" for d in dates]
        if j.evidence is not None:
            m = j.evidence
            pair = f"{m.dyad.a} {m.dyad.b}"
            spec = measures.measure_named(m.name)
            defaults = spec.params if spec else {}
            asked = "".join(
                f" --param {shlex.quote(f'{k}={v}')}" for k, v in m.params.items() if v != defaults.get(k)
            )
            made.append(f"bilat ask {m.name} {pair}{asked} --as-of {dates[-1]}")
            made.append(f"bilat ask {m.name} {pair}{asked} --rows --as-of {dates[-1]}")
        return made

    def _route_page(self, path: str, template: str, twin: Mapping[str, Any], **told: Any) -> None:
        self._page(path, template, twin, layout="base.html", **told)

    def _assets(self) -> None:
        assets = self.root / "assets"
        assets.mkdir(exist_ok=True)
        for name in ("style.css", "site.js"):
            (assets / name).write_text(templates().get_template(name).render(), "utf-8")

    def _page(self, path: str, template: str, twin: Mapping[str, Any], **context: Any) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        context.setdefault("title", self.picture.title)
        html = (
            templates()
            .get_template(template)
            .render(
                root="../" * path.count("/"),
                here=path,
                picture=self.picture,
                marking=self.picture.marking,
                chapters=[(c, story.chapter_title(c)) for c, _ in self.chapters],
                version=metadata.version("bilat"),
                routed=self.picture.diversion is not None,
                **context,
            )
        )
        target.write_text(html, "utf-8")
        head = {"dyad": str(self.picture.dyad), "as_of": str(self.picture.as_of)}
        if self.picture.marking:
            head["marking"] = str(self.picture.marking)
        text = json.dumps({**head, **twin}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        target.with_suffix(".json").write_text(text + "\n", "utf-8")


def _producer(name: str) -> str:
    found = sources().get(name)
    return found.producer if found else name
