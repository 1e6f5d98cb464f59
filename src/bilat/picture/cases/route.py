# SPDX-License-Identifier: Apache-2.0
"""The answer of a diversion search as typed records: what pages, drawings and files of routes are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bilat.document import wording as words
from bilat.errors import UsageError
from bilat.goods.descriptions import chapter_names
from bilat.places import country_name
from bilat.places.coalitions import coalitions

#: Verdicts on a rival explanation that leave it standing.
STANDS = ("holds", "in part")


@dataclass(frozen=True)
class Leg:
    """Values of one leg over the window, in the search's currency."""

    before: float | None
    expected: float | None
    actual: float | None


@dataclass(frozen=True)
class Rival:
    """Another explanation: its verdict (``holds``, ``in part``, ``rejected``, ``not testable``), and in three outcomes:
    ``holds``, ``does not hold``, ``cannot tell``."""

    name: str
    verdict: str
    outcome: str
    because: str


@dataclass(frozen=True)
class Months:
    """Values by period; None for a leg that is not held."""

    periods: tuple[str, ...]
    direct: tuple[float, ...] | None
    into: tuple[float, ...] | None
    out: tuple[float, ...] | None
    plain: Mapping[str, Any]


@dataclass(frozen=True)
class Route:
    """One hub and product; ``plain`` is the row as it came."""

    rank: int
    hub: str
    hub_name: str
    product: str
    label: str
    short: str  #: a short name of the goods
    tier: str | None
    diverted: float
    low: float
    high: float
    excess_in: float | None
    excess_out: float | None
    window: (
        tuple[tuple[str, str], tuple[str, str]] | None
    )  #: before and after, of goods with a break of their own
    known: str
    into: Leg
    out: Leg | None
    direct: Leg | None
    probability: float
    q_value: float
    calibrated: bool
    substitution: float | None
    mirror_gap_change: float | None
    unit_value_z: float | None
    break_at: str | None
    rivals: tuple[Rival, ...]
    months: Months | None
    plain: Mapping[str, Any]
    aside: Aside

    @property
    def name(self) -> str:
        """The stable name: ``kaz-870350``."""
        return words.slug(f"{self.hub}-{self.product}")

    @property
    def page(self) -> str:
        """Place of its own page; blank where its periods were not worked out."""
        return f"cases/{self.name}.html" if self.months is not None else ""

    @property
    def one_leg(self) -> bool:
        return self.out is None

    @property
    def described(self) -> str:
        """The whole description of the goods; where there is no label, that of the chapter."""
        return described(self.product, self.label)

    @property
    def goods(self) -> str:
        """``Ball bearings (HS 848210)``."""
        return f"{self.short} (HS {self.product})" if self.short else f"HS {self.product}"

    @property
    def bare_goods(self) -> str:
        """The goods without their code, within a sentence."""
        return _within(self.short) or f"HS {self.product}"

    @property
    def named(self) -> str:
        """As :attr:`goods`, within a sentence: ``ball bearings (HS 848210)``."""
        return _within(self.goods)

    @property
    def disagree(self) -> bool:
        """One leg rose beyond the expected and the other did not."""
        return self.excess_out is not None and (_above(self.excess_in) != _above(self.excess_out))

    @property
    def neither(self) -> bool:
        """No leg that is held rose beyond the expected."""
        return not _above(self.excess_in) and not _above(self.excess_out)

    @property
    def holding(self) -> list[str]:
        """Rival explanations that hold: each could take the place of a route."""
        return [v.name for v in self.rivals if v.outcome == "holds"]

    @property
    def standing(self) -> list[str]:
        """Rival explanations that hold or hold in part."""
        return [
            v.name if v.verdict == "holds" else f"{v.name} ({v.verdict})"
            for v in self.rivals
            if v.verdict in STANDS
        ]

    @property
    def tested(self) -> int:
        """How many rival explanations the records could test."""
        return sum(v.verdict != "not testable" for v in self.rivals)

    def rivals_that(self, verdict: str) -> str:
        """The names of the rivals with a verdict, joined."""
        return words.joined([v.name for v in self.rivals if v.verdict == verdict])


@dataclass(frozen=True)
class Aside:
    """What stands beside a route; None for what the file does not hold, and for rows beyond the first.

    ``controls``: leg -> what its expected value rests on; ``unit_values``: leg -> value per kg; ``markets`` and
    ``earlier``: the two placebos; ``civil``: the hub's civil goods; ``origins``: (state, share of leg one since).
    """

    told: bool = False
    controls: Mapping[str, str | None] = field(default_factory=dict)
    unit_values: Mapping[str, Any] | None = None
    markets: Mapping[str, Any] | None = None
    earlier: Mapping[str, Any] | None = None
    civil: Mapping[str, Any] | None = None
    origins: tuple[tuple[str, float], ...] = ()


def _above(excess: float | None) -> bool:
    return excess is not None and excess > 0


@dataclass(frozen=True)
class Heading:
    """A heading of four digits with its sum of probability times amount, and that of each hub."""

    heading: str
    name: str
    codes: int
    total: float
    hubs: Mapping[str, float]


@dataclass(frozen=True)
class Front:
    """The goods that stand in front: a basket and what its pairs come to."""

    name: str
    title: str
    edition: str
    pairs: int
    flags: int
    worth: float
    worth_low: float
    worth_high: float
    hubs: tuple[str, ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Hub:
    """All routes through one hub."""

    code: str
    name: str
    pairs: int
    flags: int | None
    diverted: float
    low: float
    high: float
    changed: str  #: period in which the level of all these goods changed; blank where not known


@dataclass(frozen=True)
class Supplier:
    """China's share of what the target buys of a product, and the concentration of its suppliers."""

    product: str
    share_before: float | None
    share_after: float | None
    concentration_before: float | None
    concentration_after: float | None
    value_after: float | None


@dataclass(frozen=True)
class Search:
    """What was asked, the whole, and the routes in rank order. ``plain`` is the answer as it came."""

    origin: tuple[str, ...]
    target: str
    since: str
    before: tuple[str, str]
    after: tuple[str, str]
    basket: Mapping[str, Any] | None
    currency: str
    as_of: str
    pairs_tested: int
    flags: int
    flag_q: float
    direct_held: bool
    null: str
    basis_in: str
    basis_out: str | None
    decoys: tuple[str, ...]
    direct_loss: float
    worth: float
    worth_low: float
    worth_high: float
    worth_of: str
    substitution: float | None
    hubs: tuple[Hub, ...]
    changes: Mapping[str, str | None]
    suppliers: tuple[Supplier, ...]
    notes: tuple[str, ...]
    routes: tuple[Route, ...]
    headings: tuple[Heading, ...]
    front: Front | None
    plain: Mapping[str, Any]

    @property
    def one_leg(self) -> bool:
        return self.basis_out is None

    @property
    def lists(self) -> list[tuple[str, list[Route]]]:
        """(title, routes) of the lists, the goods in front first; one list without a title where there are none."""
        if self.front is None:
            return [("", list(self.routes))]
        return [
            (self.front.title, [r for r in self.routes if r.tier]),
            ("Other goods", [r for r in self.routes if not r.tier]),
        ]

    @property
    def markets(self) -> list[str]:
        """The placebo markets; a hub is not a market of its own where it is the only one."""
        only = {h.code for h in self.hubs} if len(self.hubs) == 1 else set()
        return [d for d in self.decoys if d not in only]

    @property
    def monthly(self) -> bool:
        return len(self.after[0]) == 7

    @property
    def target_name(self) -> str:
        return words.joined([country_name(c) for c in self.target.split(",")])

    @property
    def origin_name(self) -> str:
        """``the EU``, ``the coalition of 39 states``, ``Germany and France``, or how many states they are."""
        named, origin = coalitions(), set(self.origin)
        if origin in (set(named["EU27"]), {"EU27"}):
            return "the EU"
        if origin - {"EU27"} in (set(named["COALITION"]), set(named["COALITION"]) - set(named["EU27"])):
            return f"the coalition of {len(named['COALITION'])} states"
        if len(self.origin) <= 3:
            return words.joined([country_name(c) for c in self.origin])
        return f"{len(self.origin)} states of origin"

    @property
    def origin_option(self) -> str:
        """What ``--origin`` was."""
        named = [name for name, members in coalitions().items() if members == set(self.origin)]
        return named[0] if named else ",".join(self.origin)

    @property
    def window(self) -> str:
        """``March 2022 to November 2022``."""
        return _span(self.after)

    @property
    def baseline(self) -> str:
        return _span(self.before)

    @property
    def span(self) -> str:
        """``in 2022``, ``from March 2022 to November 2022``."""
        return f"in {self.window}" if self.after[0] == self.after[1] else f"from {self.window}"

    @property
    def source(self) -> str:
        """The records and their as-of date, for the foot of a chart."""
        told = words.sentence(self.notes[0]) if self.notes else ""
        return f"{told} As of {words.day(self.as_of)}.".strip() if self.as_of else told

    def about(self, route: Route) -> Search:
        """The search as its sentences on one route need it: over the periods that were compared for that route."""
        if route.window is None:
            return self
        before, after = route.window
        return replace(self, before=before, after=after)

    def flagged(self, route: Route) -> bool:
        return route.q_value <= self.flag_q

    def supplier(self, route: Route) -> Supplier | None:
        return next((s for s in self.suppliers if s.product == route.product), None)


def described(product: str, label: str) -> str:
    """A description of goods with a capital; the chapter's where the label says nothing."""
    text = chapter_names().get(product[:2], "") if label in ("", f"HS {product}") else label
    return text[:1].upper() + text[1:]


def _within(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _span(ends: Sequence[str]) -> str:
    first, last = words.period(ends[0]), words.period(ends[1])
    return first if first == last else f"{first} to {last}"


def search_of(plain: Mapping[str, Any]) -> Search:
    """The records of ``bilat.diversion.search.divert(...).plain()``.

    Parameters
    ----------
    plain
        ``summary``, ``rows`` (rank order) and ``series``.

    Raises
    ------
    UsageError
        for an answer without a key that the pages need; the message names it.
    """
    try:
        s = plain["summary"]
        series = {(m["hub"], m["product"]): m for m in plain["series"]}
        routes = tuple(_route(row, series.get((row["hub"], row["product"]))) for row in plain["rows"])
        return Search(
            **{k: s[k] for k in _SAME},
            origin=tuple(s["origin"]), before=tuple(s["before"]), after=tuple(s["after"]),
            as_of=s.get("as_of") or "", basis_in=s["counterfactual"]["in"], basis_out=s["counterfactual"]["out"],
            decoys=tuple(s["decoys"]), notes=tuple(s["notes"]), changes=s["hub_breaks"],
            headings=_headings(s["headings"]), front=_front(s["front"]),
            hubs=tuple(
                Hub(h, country_name(h), v["pairs"], v.get("flags"), v["diverted"], v["low"], v["high"],
                    s["hub_breaks"].get(h) or "")
                for h, v in s["hubs"].items()
            ),
            suppliers=tuple(Supplier(**{k: x[k] for k in Supplier.__annotations__}) for x in s["suppliers"]),
            routes=routes, plain=plain,
        )  # fmt: skip
    except KeyError as e:
        raise UsageError(f"the answer of a diversion search needs {e.args[0]!r}") from None


_SAME = (
    "target", "since", "basket", "currency", "pairs_tested", "flags", "flag_q", "direct_held", "null", "direct_loss",
    "worth", "worth_low", "worth_high", "worth_of", "substitution",
)  # fmt: skip
_ROW = (
    "rank", "hub", "hub_name", "product", "tier", "diverted", "low", "high", "excess_in", "excess_out", "probability",
    "q_value", "calibrated", "substitution", "mirror_gap_change", "unit_value_z",
)  # fmt: skip


def _headings(given: Sequence[Mapping[str, Any]]) -> tuple[Heading, ...]:
    return tuple(Heading(**{k: h[k] for k in Heading.__annotations__}) for h in given)


def _front(given: Mapping[str, Any] | None) -> Front | None:
    if given is None:
        return None
    same = ("name", "title", "edition", "pairs", "flags", "worth", "worth_low", "worth_high")
    return Front(
        **{k: given[k] for k in same}, hubs=tuple(given["hubs"]), headings=_headings(given["headings"])
    )


def _aside(row: Mapping[str, Any]) -> Aside:
    if "controls" not in row:
        return Aside()
    return Aside(
        True, row["controls"], row["unit_values"], row["placebo"]["markets"], row["placebo"]["earlier"],
        row["civil"], tuple((o["origin"], o["share"]) for o in row["origins"]),
    )  # fmt: skip


def _route(row: Mapping[str, Any], series: Mapping[str, Any] | None) -> Route:
    into, out, direct = (_leg(row["legs"][k]) for k in ("in", "out", "direct"))
    if into is None:
        raise KeyError("legs.in")
    own = row["window"]
    return Route(
        **{k: row[k] for k in _ROW},
        window=None if own is None else (tuple(own["before"]), tuple(own["after"])),
        label=str(row["label"] or ""), short=str(row["name"] or ""), aside=_aside(row),
        known=row["legs"]["known"], into=into, out=out, direct=direct,
        break_at=row["break"],
        rivals=tuple(Rival(v["name"], v["verdict"], v["outcome"], v["because"]) for v in row["rivals"]),
        months=_months(series) if series is not None else None, plain=row,
    )  # fmt: skip


def _leg(totals: Mapping[str, Any] | None) -> Leg | None:
    return None if totals is None else Leg(totals.get("before"), totals["expected"], totals["actual"])


def _months(series: Mapping[str, Any]) -> Months:
    direct, into, out = (None if series[k] is None else tuple(series[k]) for k in ("direct", "in", "out"))
    return Months(tuple(series["periods"]), direct, into, out, plain=series)
