# SPDX-License-Identifier: Apache-2.0
"""What the report says, as plain data: every sentence comes from the picture and the verdicts."""

from __future__ import annotations

import json
import shlex
from importlib import metadata
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bilat.catalog import sources
from bilat.document import wording as words
from bilat.measures import measure_named
from bilat.picture import story
from bilat.picture.charts import charts
from bilat.picture.charts.render import Studio
from bilat.picture.compose import Picture
from bilat.picture.story import Entry
from bilat.verdicts.judgement import ANSWERS

#: Charts of the second page, and their width in pixels as the pages draw them.
MOST_CHARTS, WIDTH = 3, charts.WIDE
#: Rows that the annex shows of a claim; the rest is counted, and the command that prints all of them is given.
MOST_ROWS = 8


def told(picture: Picture) -> dict[str, Any]:
    """The report of a picture as plain data, in the order of its pages."""
    since = words.day(picture.since.date) if picture.since else ""
    blind = story.blind(picture.entries)
    return {
        "title": picture.title,
        "pair": picture.dyad.name,
        "as_of": words.day(picture.as_of.date),
        "since": since,
        "marking": str(picture.marking) if picture.marking else "",
        "holdings": picture.holdings.digest[:16],
        "version": metadata.version("bilat"),
        "headline": picture.headline,
        "lines": [
            {
                "topic": story.chapter_title(e.now.chapter),
                "sentence": e.answered.sentence,
                "claim": e.id,
                "figure": f"how sure: {e.answered.sure}; evidence {e.reach}",
                "change": e.moved,
            }
            for e in picture.findings
        ],
        "tally": [
            {"verdict": c.answer, "glyph": c.glyph, "then": c.then, "now": c.now}
            for c in story.tally(picture.entries)
        ],
        "blind": {
            "undecided": [f"{e.id} {words.sentence(e.now.claim)}" for e in blind.undecided],
            "sided": [words.sentence(words.prose(s)) for s in blind.one_sided],
        },
        "old": [e.id for e in picture.entries if e.measured and e.old],
        "charts": _charts(picture),
        "chapters": [
            {"title": story.chapter_title(c), "claims": [_claim(e) for e in entries]}
            for c, entries in story.by_chapter(picture.entries)
        ],
        "annex": [_annex(e, picture) for e in picture.entries],
        "sources": _sources(picture),
    }


def _charts(picture: Picture) -> list[dict[str, str]]:
    """The charts of the first findings that a figure decides, drawn."""
    made: dict[str, charts.Chart] = {}
    for e in story.findings(picture.entries, len(picture.entries)):
        m = e.now.evidence
        rule = picture.since.date if picture.since else None
        drawn = charts.chart(m, rule=rule, width=WIDTH, focus=e.focus(m), windows=e.windows) if m else None
        if drawn is not None and len(made) < MOST_CHARTS:
            made.setdefault(e.id, drawn)
    svgs = Studio().draw([json.dumps(c.whole(), sort_keys=True) for c in made.values()])
    return [
        {"claim": key, "title": c.title, "subtitle": c.subtitle, "foot": c.foot, "alt": c.alt, "svg": svg}
        for (key, c), svg in zip(made.items(), svgs, strict=True)
    ]


def _glyph(verdict: str) -> str:
    """The verdict's glyph; the fonts of the page have no saltire but the sign of multiplication."""
    return ANSWERS.get(verdict, "?")


def _claim(e: Entry) -> dict[str, Any]:
    then = e.then
    return {
        "id": e.id,
        "claim": words.sentence(e.now.claim),
        "then": f"{_glyph(then.answer)} {then.answer}" if then else "",
        "now": f"{_glyph(e.answered.answer)} {e.answered.answer}",
        "sentence": e.answered.sentence,
        "sure": e.answered.sure if e.measured else "",
        "dissents": [f"{d.who} ({d.marking}): {_glyph(d.verdict)} {d.verdict}" for d in e.now.dissents],
    }


def _annex(e: Entry, picture: Picture) -> dict[str, Any]:
    """A claim with its evidence, its rivals, and the newest rows behind its first indicator."""
    j = e.now
    said = [
        *((f"When written, {p.side}", p.says) for p in j.when_written.evidence if e.then),
        *((p.side.capitalize(), f"{p.says} ({', '.join(p.publishers)}, {p.period})") for p in e.answered.evidence),
        ("How sure", f"{e.answered.sure}: {e.answered.sure_why}"), ("Rule", j.rule),
        ("What would tell", j.needs), ("Not shown", j.limits),
        *((f"Rival, {r.outcome}", f"{r.reading.rstrip('.')}: {words.prose(r.result)}") for r in j.rivals),
        *((f"Dissent, {d.who}, {d.marking}", f"{d.verdict} as of {words.day(d.as_of)}: {d.why}") for d in j.dissents),
    ]  # fmt: skip
    return {
        "id": e.id,
        "claim": words.sentence(j.claim),
        "now": f"{_glyph(e.answered.answer)} {e.answered.answer}",
        "said": [[label, words.sentence(text)] for label, text in said if text],
        **_rows(e, picture),
    }


def _rows(e: Entry, picture: Picture) -> dict[str, Any]:
    """The newest rows behind the deciding measurement: what each says, and where it stands."""
    m = e.now.evidence
    if m is None or not m.evidence.num_rows:
        return {"rows": [], "total": 0, "command": ""}
    values = {(p.period, p.group): p.value for p in m.points}
    columns = ["point", "grp", "source", "locator", "known_on", "snapshot"]
    found = m.evidence.select(columns)
    focus = pa.array(e.focus(m), pa.string())
    named = found.filter(pc.is_in(found["grp"].cast(pa.string()), value_set=focus)) if len(focus) else found
    found = named if named.num_rows else found
    order = [(c, "descending") for c in columns[:4]]
    newest = found.take(pc.sort_indices(found, sort_keys=order)[:MOST_ROWS]).to_pylist()
    shown = [
        [
            words.period(str(r["point"])), words.group(r["grp"] or ""),
            words.bare(values.get((str(r["point"]), r["grp"] or "")), m.unit),
            r["source"], r["locator"], str(r["known_on"]), r["snapshot"][:12],
        ]
        for r in newest
    ]  # fmt: skip
    spec = measure_named(m.name)
    asked = [
        f"--param {shlex.quote(f'{k}={v}')}"
        for k, v in m.params.items()
        if not spec or spec.params.get(k) != v
    ]
    command = " ".join(
        [f"bilat ask {m.name} {m.dyad.a} {m.dyad.b} --rows", *asked, f"--as-of {picture.as_of}"]
    )
    return {"rows": shown, "total": found.num_rows, "command": command}


def _sources(picture: Picture) -> list[dict[str, str]]:
    catalog = sources()
    used = sorted({name for e in picture.entries for name in e.now.sources if name in catalog})
    return [
        {
            "name": name,
            "citation": catalog[name].citation,
            "licence": catalog[name].licence,
            "grade": catalog[name].grade,
            "side": catalog[name].side,
            "url": catalog[name].url,
        }
        for name in used
    ]
