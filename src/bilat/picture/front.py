# SPDX-License-Identifier: Apache-2.0
"""The first page as a document.

Headline, three sentences, topics, what changed, what to watch, what is not seen.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bilat.catalog import sources as catalog
from bilat.document import Block, Document, Facts, Finding, Next, Point, Say, Section
from bilat.document import wording as words
from bilat.document.blocks import SourceRef
from bilat.document.time_chart import INVASION
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.forecast.kept_forecasts import published, unchanged_from
from bilat.forecast.log_odds import updated_probability as likelihood_after
from bilat.forecast.questions import ForecastQuestion, Mover, questions
from bilat.holdings import Holdings, default_folder
from bilat.measures import ask_for
from bilat.picture.asks import Request, asked, drafts, has_asks
from bilat.picture.lead import MOST_TOPICS, Lead, headline, summary_of
from bilat.picture.movements import LEAST_CHANGE, Movement
from bilat.picture.news import news, quarter_before
from bilat.places import spoken_name
from bilat.units.likelihood import in_words
from bilat.verdicts import ANSWERS
from bilat.verdicts.document import question_of, table
from bilat.verdicts.judgement import DECIDED, Judgement
from bilat.verdicts.ledger import ledger
from bilat.verdicts.questions import ClaimsQuestion
from bilat.when import PAPER_DATE, AsOf

#: Lines of what changed since the paper, and of what is not seen.
MOST_CHANGED = 2
MOST_LINES = 3
#: Series among what to watch.
MOST_SERIES = 1
#: Dated events among what to watch.
MOST_EVENTS = 1
#: What is watched has moved within this many days, and a record that ends before is an old one.
RECENT = 800
YEAR = 400
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOVES = {"up": "Up", "down": "Down"}
#: What an answer says of one claim, and of several.
_HOLD = {
    "yes": ("holds", "hold"),
    "in part": ("holds in part", "hold in part"),
    "no": ("does not", "do not"),
    "not known": ("cannot be answered", "cannot be answered"),
}
CHANGED = "What has changed since March 2023"
WATCH = "What to watch"
UNSEEN = "What the records cannot show"
ALSO = "Also"
ASKS = "What we ask"
DRAFTS = "What to ask (drafts: sign or strike)"


@dataclass(frozen=True)
class Shift:
    """A series when the paper was written and now, both by the edition of the as-of date."""

    series: str
    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Signpost:
    """What to look out for: a dated event with what makes it likelier; or a series that moves, and what that means."""

    series: str  #: the series, or the id of the dated question
    what: str
    line: str


def changed(moved: Iterable[Movement], as_of: AsOf, holdings: Holdings) -> list[Shift]:
    """The series that moved by a tenth or more since the paper, the largest change first.

    Both figures are of today's edition; where the edition of then had another, that is told too.
    """
    if as_of.date <= PAPER_DATE:
        return []
    lines: list[tuple[float, Movement]] = []
    for m in moved:
        if m.then is None or m.then is m.last or m.then.value is None or m.last.value is None:
            continue
        size = _size(m.then, m.last)
        if size >= 1 + LEAST_CHANGE:
            lines.append((size, m))
    largest = [m for _, m in sorted(lines, key=lambda x: -x[0])][:MOST_CHANGED]
    return [
        Shift(m.id, m.name, f"{m.written(m.then)}{_revised(m, holdings)}", m.written(m.last))
        for m in largest
        if m.then is not None
    ]


def _revised(movement: Movement, holdings: Holdings) -> str:
    """What the edition of the paper's time had for the figure of then, where it was another."""
    now = movement.measurement
    if movement.then is None or now is None:
        return ""
    same = [
        p for p in now.points if (p.period, p.value) == (movement.then.period, movement.then.value)
    ]
    if len(same) != 1:  # a sum of groups has no point of its own
        return ""
    pair = now.dyad or PAPER_PAIR
    was = ask_for(now.name, pair, as_of=PAPER_DATE, holdings=holdings, **now.params)
    found = [p for p in was.points if (p.period, p.group) == (same[0].period, same[0].group)]
    if not found or movement.written(found[0]) == movement.written(movement.then):
        return ""
    value, _, _ = movement.written(found[0]).rpartition(" in ")
    return f" ({value} on the figures of the time)"


def events(dyad: Dyad, as_of: AsOf, judged: Iterable[Judgement]) -> list[Signpost]:
    """The dated questions on the two that only an announcement decides, in the order of the paper's claims.

    Of other states than the paper's those that name both. One that was written later than the date
    is not asked yet.
    """
    about = {j.id for j in judged}
    order = [c.id for c in ledger()]
    names = [spoken_name(s).removeprefix("the ") for s in (dyad.a, dyad.b)]
    paper = {dyad.a, dyad.b} == {"RUS", "CHN"}
    mine = [
        q
        for q in questions()
        if q.record is None
        and max(q.opened, q.written) <= as_of.date < q.closes
        and (q.claim in about if paper else all(n in q.asks for n in names))
    ]
    return [
        Signpost(
            q.id,
            f"By {words.day(q.closes)}",
            " ".join([q.brief or q.asks, *_number(q, as_of.date), *_movers(q)]),
        )
        for q in sorted(mine, key=lambda q: (order.index(q.claim), q.closes))[:MOST_EVENTS]
    ]


def _number(question: ForecastQuestion, day: dt.date) -> Iterator[str]:
    """The number of a question that no record decides, and the last other one with its day."""
    if question.judged is None:
        return
    word = in_words(question.judged)
    last = unchanged_from(published(), question, day)
    was = round(100 * float(last.probability)) if last else round(100 * question.judged)
    now = round(100 * question.judged)
    change = ""
    if last and now != was:
        change = f"; {was}% on {words.day(dt.date.fromisoformat(last.said_on))}"
    yield f"We put the chance at {question.judged:.0%} ({word}{change})."


def _movers(question: ForecastQuestion) -> Iterator[str]:
    """What would move the number of an event most: what is to be watched for."""
    strongest = max(question.movers, key=lambda m: abs(math.log(m.ratio)), default=None)
    if strongest is not None:
        yield f"{_after(question, strongest, 'More' if strongest.ratio > 1 else 'Less')}."


def _after(question: ForecastQuestion, mover: Mover, way: str) -> str:
    """What an event would do to a judged number."""
    if question.judged is None:
        return f"{way} likely if {mover.event}"
    return f"{way} likely ({likelihood_after(question.judged, mover.ratio):.0%}) if {mover.event}"


def _size(p: Point, q: Point) -> float:
    """How many times the smaller of two figures the larger is; 1 where both are nought."""
    low, high = sorted((abs(p.value or 0.0), abs(q.value or 0.0)))
    return high / low if low else float("inf") if high else 1.0


def to_watch(moved: Iterable[Movement], as_of: AsOf) -> list[Signpost]:
    """The series whose last period moved by a tenth or more, the latest first."""
    lines = []
    for m in moved:
        end = words.extent(m.last.period)
        if (
            m.direction not in _MOVES
            or m.before is None
            or end is None
            or (m.measurement and not m.up and not m.down)
        ):
            continue
        if (words.fraction(as_of.date) - end[1]) * 365.25 > RECENT or _by_chance(
            m.before, m.last, m.unit
        ):
            continue
        war = end[1] > words.fraction(INVASION[0])  # what a move means is said of the war
        means = {"up": m.up, "down": m.down}.get(m.direction, "") if war else ""
        line = f"{_MOVES[m.direction]} {m.change(m.before, m.last)}."
        lines.append(
            (
                end[1],
                _size(m.before, m.last),
                Signpost(m.id, m.name, line + (f" If that continues, {means}." if means else "")),
            )
        )
    return [line for *_, line in sorted(lines, key=lambda x: (-x[0], -x[1]))][:MOST_SERIES]


def _by_chance(p: Point, q: Point, unit: str) -> bool:
    """Whether two counts lie as near to one another as the same rate gives in most years."""
    a = p.value or 0.0
    b = q.value or 0.0
    return words.unit_kind(unit) == "count" and (a - b) ** 2 < 4 * (a + b)


def unseen(found: Sequence[Lead], judged: Sequence[Judgement]) -> list[str]:
    """What the records of this page cannot show, what they leave open, and how old they are."""
    lines = [lead.unseen for lead in found if lead.unseen][:MOST_LINES]
    open_ = [j for j in judged if j.current.answer not in DECIDED]
    if open_ and found and found[0].claim:
        named = "; ".join(words.sentence(j.claim).rstrip(".") for j in open_[:2])
        lines.append(
            f"{len(open_)} of the paper's {len(judged)} claims cannot be answered at this date, "
            f"among them: {named}."
        )
    old = sum(j.age is not None and j.age > YEAR for j in judged)
    if old and found and found[0].claim:
        lines.append(f"{old} of the {len(judged)} answers rest on data more than a year old.")
    return lines


def document(
    found: Sequence[Lead],
    moved: Iterable[Movement],
    judged: Sequence[Judgement],
    dyad: Dyad,
    as_of: AsOf,
    holdings: Holdings,
) -> Document:
    """The first page for every surface."""
    moved = list(moved)
    asking, asks = _requests(moved, dyad, as_of, holdings)
    called = {a.figure for a in asks}  # an ask gives its figure itself
    change = changed([m for m in moved if m.id not in called], as_of, holdings)
    blind = unseen(found, judged)
    told = called.union(c.series for c in change)
    untold = to_watch([m for m in moved if m.id not in told], as_of)
    watch = [*events(dyad, as_of, judged), *(untold or to_watch(moved, as_of))]
    fresh = news(dyad, as_of, moved, judged, holdings)
    recorded, rest = _parted(found)
    summary = summary_of(recorded) or ("We have no public data on these two states.",)
    blocks: list[Block] = [
        *_section(new_since(as_of), [Say(n.line) for n in fresh]),
        *(Section(lead.heading, topic(lead, summary)) for lead in recorded[:MOST_TOPICS]),
        *_section(asking, [_request(a, moved) for a in asks]),
        *_section(UNSEEN, [Say(line, "note") for line in blind]),
        *_section(ALSO, [_link(lead) for lead in rest]),
        *_section(CHANGED, [_changes(change)] if change else []),
        *_section(WATCH, [Facts(tuple((w.what, w.line) for w in watch))] if watch else []),
        *_claims(judged),
    ]
    return Document(
        kind="brief",
        title=headline([*found], dyad),
        summary=summary,
        blocks=tuple(blocks),
        data={
            "lead": [
                {"topic": x.id, "claim": x.claim, "heading": x.heading, "finding": x.finding}
                for x in found
            ],
            "new": fresh,
            "changed": change,
            "watch": watch,
            "unseen": blind,
            "asks": asks,
            "claims": [j.to_json() for j in judged],
        },
        dyad=dyad,
        as_of=as_of,
        known_to=max((x.finding.data_to for x in found if x.finding.data_to), default=None),
        holdings=holdings.digest[:16],
        sources=_sources(found),
    )


def _requests(
    moved: Sequence[Movement], dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> tuple[str, Sequence[Request]]:
    """Return the house's own asks, or the drafts where it has none, and their heading."""
    folder = holdings.folder or default_folder()
    if has_asks(folder):
        return ASKS, asked(folder, moved, dyad)
    return DRAFTS, drafts(moved, dyad, as_of)


def _parted(found: Sequence[Lead]) -> tuple[list[Lead], list[Lead]]:
    """Return the topics with a record, and those that have no place of their own on the page."""
    recorded = [lead for lead in found if not lead.absent]
    return recorded, [lead for lead in found if lead not in recorded[:MOST_TOPICS]]


def _section(title: str, blocks: Sequence[Block]) -> tuple[Section, ...]:
    """A section of some blocks; none where there are none."""
    return (Section(title, tuple(blocks)),) if blocks else ()


def _request(request: Request, moved: Sequence[Movement]) -> Next:
    """An ask, with what gives the rows of the figure on which it rests."""
    m = next((m.measurement for m in moved if m.id == request.figure), None)
    if m is None:
        return Next(request.line)
    return Next(request.line, question_of(m), pair=m.dyad)


def _link(lead: Lead) -> Next:
    """A topic that has no place of its own, with what to ask for it."""
    return Next(lead.line.removesuffix("."), lead.finding.ask)


def new_since(as_of: AsOf) -> str:
    """Return the title of what changed in the last quarter."""
    return f"New since {words.day(quarter_before(as_of).date)}"


def _changes(change: Sequence[Shift]) -> Facts:
    """What each series was when the paper was written and is now: a line that folds on a phone."""
    return Facts(tuple((c.what, f"From {c.then} to {c.now}.") for c in change))


def _claims(judged: Sequence[Judgement]) -> tuple[Block, ...]:
    """The claims of the paper, and how many hold; nothing where none can be asked of the pair."""
    if not judged:
        return ()
    counts = {word: sum(j.current.answer == word for j in judged) for word in ANSWERS}
    return (
        Section("The claims of the 2023 paper", (table(judged),), detail=True),
        Next(_claims_line(counts), ClaimsQuestion()),
    )


def _claims_line(counts: dict[str, int]) -> str:
    """Return how many claims hold, from how many have which answer."""
    given = {word: number for word, number in counts.items() if number}
    # "does not" alone says nothing where no claim that holds comes before it.
    hold = {"no": " hold"} if next(iter(given)) == "no" else {}
    total = sum(given.values())
    if total == 1:
        (word,) = given
        return f"The one claim of the 2023 paper on these two {_HOLD[word][0]}{hold.get(word, '')}"
    said = words.joined(
        [f"{words.few(n)} {_HOLD[word][n > 1]}{hold.get(word, '')}" for word, n in given.items()]
    )
    return f"Of {words.few_text(total, 'claims')} in the 2023 paper, {said}"


def _sources(found: Sequence[Lead]) -> tuple[SourceRef, ...]:
    """The sources of the topics, each once."""
    names = dict.fromkeys(n for lead in found for n in lead.sources if n in catalog())
    sources = [catalog()[name] for name in names]
    return tuple(SourceRef(s.name, s.title, s.citation, s.licence, s.url, s.grade) for s in sources)


def topic(lead: Lead, summary: Sequence[str]) -> tuple[Finding] | tuple[Finding, Block]:
    """A topic's finding and chart; of a claim whose sentence stands in the summary, what it means.

    A heading of two states' profile is a few words of its sentence, which therefore follows, unless
    the heading is all of it.
    """
    finding = replace(lead.finding, then=None, now=None)  # what changed shows them
    # What an answer rests on stands on the page of its claim; each ask names who can act.
    finding = replace(finding, rests_on="", who="")
    if lead.claim and finding.sentence in summary:
        # The days are those of the sentence, which stands above; what it means follows the chart.
        finding = replace(finding, sentence="", evidence_to=())
    elif finding.sentence.rstrip(".") == lead.heading:
        finding = replace(finding, sentence=finding.so_what, so_what="")
    years = set(_YEAR.findall(finding.sentence))
    if lead.claim and {str(day.year) for day in finding.evidence_to} <= years:
        finding = replace(finding, evidence_to=())  # the sentence says when
    return (finding, replace(lead.series, title="")) if lead.series else (finding,)
