# SPDX-License-Identifier: Apache-2.0
"""What a diversion search found, in sentences: its finding, a case's finding, and a paragraph to paste."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from textwrap import shorten
from typing import Any

from bilat.picture import words
from bilat.picture.cases import case_notes
from bilat.places import country_name
from bilat.places.coalitions import coalitions

Row = Mapping[str, Any]

#: Characters of a description of goods in a title, a list or a sentence; the case's own page gives the whole.
LONGEST = 64

#: Verdicts on a rival explanation, in the order in which they are told.
STANDS = ("holds", "in part")


def origin_name(origin: Sequence[str]) -> str:
    """``the EU``, ``the coalition of 39 states``, ``Germany and France``, or how many states they are."""
    named = coalitions()
    if set(origin) in (set(named["EU27"]), {"EU27"}):
        return "the EU"
    if set(origin) - {"EU27"} in (set(named["COALITION"]), set(named["COALITION"]) - set(named["EU27"])):
        return f"the coalition of {len(named['COALITION'])} states"
    if len(origin) <= 3:
        return words.joined([country_name(c) for c in origin])
    return f"{len(origin)} states of origin"


def origin_option(origin: Sequence[str]) -> str:
    """What ``--origin`` was."""
    for name, members in coalitions().items():
        if set(origin) == set(members):
            return name
    return ",".join(origin)


def window(summary: Row) -> str:
    """``March 2022 to November 2022``."""
    first, last = summary["after"]
    return words.period(first) if first == last else f"{words.period(first)} to {words.period(last)}"


def baseline(summary: Row) -> str:
    first, last = summary["before"]
    return words.period(first) if first == last else f"{words.period(first)} to {words.period(last)}"


def span(summary: Row) -> str:
    """``in 2022``, ``from March 2022 to November 2022``."""
    first, last = summary["after"]
    return f"in {words.period(first)}" if first == last else f"from {window(summary)}"


def name(row: Row) -> str:
    """The stable name of a route: ``kaz-870350``."""
    return words.slug(f"{row['hub']}-{row['product']}")


def goods(row: Row) -> str:
    """``Ball bearings (HS 848210)``, cut to one line: a tariff's description may run over several. Where there is
    no label, the chapter: ``Vehicles (HS 870333)``."""
    label = shorten(described(row), LONGEST, placeholder=" …")
    code = f"HS {row['product']}"
    return f"{label} ({code})" if label else code


def described(row: Row) -> str:
    """The whole description of the goods."""
    label = str(row["label"] or "")
    if label in ("", f"HS {row['product']}"):
        label = chapters().get(str(row["product"])[:2], "")
    return f"{label[:1].upper()}{label[1:]}"


def named(row: Row) -> str:
    """As :func:`goods`, within a sentence: ``ball bearings (HS 848210)``."""
    text = goods(row)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


@cache
def chapters() -> dict[str, str]:
    """Short names of the chapters of the Harmonized System."""
    raw = tomllib.loads(resources.files("bilat.goods").joinpath("hs_chapters.toml").read_text("utf-8"))
    return {str(k): str(v) for k, v in raw.items()}


def money(row: Row, summary: Row) -> str:
    """The diverted value with its 80% interval."""
    unit = str(summary["currency"])
    bounds = words.interval(row["low"], row["high"], unit)
    return words.figure(row["diverted"], unit) + (f" [{bounds}]" if bounds else "")


def worth_name(row: Row) -> str:
    """What the value of a row is called: of one leg it is the excess into the hub, and no more."""
    return "Diverted" if row["legs"]["out"] is not None else "Excess into the hub, leg one only"


def source(summary: Row) -> str:
    """The records and their as-of date, for the foot of a chart."""
    told = words.sentence(summary["notes"][0]) if summary["notes"] else ""
    return f"{told} As of {words.day(summary['as_of'])}." if summary.get("as_of") else told


#: What a rise in leg one alone does not show.
CAVEAT = (
    "Only leg one, from the origins to the hub, is held. A rise in leg one alone is not proof of diversion: "
    "the goods may have been used in the hub, kept there, or sold to others."
)


def headline(summary: Row) -> str:
    """The finding in a few words, for a title."""
    unit, flags, hubs = str(summary["currency"]), summary["flags"], list(summary["hubs"])
    target = country_name(summary["target"])
    if not flags and not (one_leg(summary) and hubs):
        return f"No route to {target} stands out among {summary['pairs_tested']:,} tested"
    worth = words.figure(summary["worth"], unit)
    through = country_name(hubs[0]) if len(hubs) == 1 else f"{len(hubs)} hubs"
    if one_leg(summary):
        return f"{worth} beyond the expected went to {through}; what went on to {target} is not held"
    routes = "One route" if flags == 1 else f"{flags:,} routes"
    return f"{routes} to {target} through {through} stand{'s' if flags == 1 else ''} out, worth {worth}"


def _bare_goods(row: Row) -> str:
    """The goods without their code, within a sentence: the code stands beside the title."""
    return re.sub(r" \(HS \d+\)$", "", named(row))


def tested(row: Row) -> int:
    """How many rival explanations the records could test."""
    return sum(v["verdict"] != "not testable" for v in row["rivals"])


def case_headline(row: Row, summary: Row) -> str:
    """A case's finding in a few words."""
    worth, target = words.figure(row["diverted"], str(summary["currency"])), country_name(summary["target"])
    if row["legs"]["out"] is None:
        return f"{row['hub_name']} took {worth} of {_bare_goods(row)} beyond the expected"
    sure = "" if row["q_value"] <= summary["flag_q"] else ", which does not pass as a flag"
    return f"{worth} of {_bare_goods(row)} may have reached {target} through {row['hub_name']}{sure}"


def chance(q: float) -> str:
    """A q-value as readers know it."""
    return "below 0.001" if q < 0.001 else f"{q:.3f}" if q < 0.0995 else f"{q:.2f}"


def one_leg(summary: Row) -> bool:
    return summary["counterfactual"]["out"] is None


def finding(summary: Row, rows: Sequence[Row]) -> str:
    """The first line: how many pairs stand out, and what they are worth."""
    unit, tested, flags = str(summary["currency"]), summary["pairs_tested"], summary["flags"]
    target = country_name(summary["target"])
    if one_leg(summary) and summary["hubs"]:
        return _together(summary)
    if not flags:
        told = (
            f"None of {tested:,} pairs of hub and product stands out at a false-discovery rate of "
            f"{summary['flag_q']:.0%} in exports "
            f"of {origin_name(summary['origin'])} that may go on to {target}"
        )
        if rows:
            r = rows[0]
            told += f"; the first in rank is {named(r)} through {r['hub_name']}, {money(r, summary)}, "
            told += f"q {chance(r['q_value'])}"
        return words.sentence(told)
    hubs = list(summary["hubs"])
    low, high = (sum(h[k] for h in summary["hubs"].values()) for k in ("low", "high"))
    worth = words.figure(summary["worth"], unit) + f" [{words.interval(low, high, unit)}]"
    stand = "pairs of hub and product stand" + ("s" if flags == 1 else "")
    told = (
        f"{flags:,} of {tested:,} {stand} out: {span(summary)}, goods worth {worth} more than expected went "
        f"from {origin_name(summary['origin'])} to {_hubs(hubs)} and on to {target}"
    )
    return words.sentence(told + _of_the_loss(summary))


def _of_the_loss(summary: Row) -> str:
    if summary["substitution"] is None or summary["direct_loss"] <= 0:
        return ""
    return (
        f". That is {words.bare(summary['substitution'], 'share (0 to 1)')} of the "
        f"{words.figure(summary['direct_loss'], str(summary['currency']))} by which direct exports fell short"
    )


def _together(summary: Row) -> str:
    """The first line where only leg one is held: all goods of each hub, and whether any one pair stands out."""
    unit, hubs, flags = str(summary["currency"]), list(summary["hubs"]), summary["flags"]
    low, high = (sum(h[k] for h in summary["hubs"].values()) for k in ("low", "high"))
    worth = words.figure(summary["worth"], unit) + f" [{words.interval(low, high, unit)}]"
    told = (
        f"{span(summary)}, goods worth {worth} more than expected, rises and falls together, went from "
        f"{origin_name(summary['origin'])} to {_hubs(hubs)}; what {'the hubs' if len(hubs) > 1 else 'the hub'} sold on "
        f"to {country_name(summary['target'])} is not held{_of_the_loss(summary)}. "
    )
    which = "None" if not flags else f"{flags:,}"
    verb = "stands" if flags <= 1 else "stand"
    told += (
        f"{which} of {summary['pairs_tested']:,} pairs of hub and product {verb} out by itself from what chance "
        f"gives, at a false-discovery rate of {summary['flag_q']:.0%}"
    )
    return words.sentence(told)


def _hubs(hubs: Sequence[str]) -> str:
    named = [country_name(h) for h in hubs]
    return words.joined(named) if len(named) <= 3 else f"{len(named)} hubs, first {words.joined(named[:3])}"


def case_finding(row: Row, summary: Row) -> str:
    """The first line of a case: what came in, against what was expected."""
    unit, leg = str(summary["currency"]), row["legs"]["in"]
    told = (
        f"{words.figure(leg['actual'], unit)} of {named(row)} went from {origin_name(summary['origin'])} to "
        f"{row['hub_name']} {span(summary)}, against {words.figure(leg['expected'], unit)} expected"
    )
    out = row["legs"]["out"]
    if out is not None:
        told += (
            f"; {row['hub_name']} sold {words.figure(out['actual'], unit)} on to "
            f"{country_name(summary['target'])}, against {words.figure(out['expected'], unit)}"
        )
    return words.sentence(f"{told}. {worth_name(row)}: {money(row, summary)}")


def standing(row: Row) -> list[str]:
    """Rival explanations that hold or hold in part."""
    return [
        f"{v['name']} ({v['verdict']})" if v["verdict"] != "holds" else v["name"]
        for v in row["rivals"]
        if v["verdict"] in STANDS
    ]


def paragraph(row: Row, summary: Row) -> str:
    """A paragraph that an officer can paste: complete without the page round it."""
    unit, target = str(summary["currency"]), country_name(summary["target"])
    origin, hub = origin_name(summary["origin"]), row["hub_name"]
    into, out, direct = row["legs"]["in"], row["legs"]["out"], row["legs"]["direct"]
    tier = f", tier {row['tier']} of the common high priority list," if row["tier"] else ""
    said = [
        f"{words.sentence(span(summary)).rstrip('.')}, exports of {named(row)}{tier} from {origin} "
        f"to {hub} came to {words.figure(into['actual'], unit)}, against {words.figure(into['expected'], unit)} "
        f"expected from {summary['counterfactual']['in']} (baseline {baseline(summary)})."
    ]
    if row["break"]:
        said.append(f"The monthly level changed in {words.period(row['break'])}." if _monthly(summary)
                    else f"The level changed in {words.period(row['break'])}.")  # fmt: skip
    if direct is not None:
        verb = "fell" if direct["actual"] < direct["expected"] else "came"
        said.append(
            f"Direct exports to {target} {verb} to {words.figure(direct['actual'], unit)}, against "
            f"{words.figure(direct['expected'], unit)} expected."
        )
    if out is not None:
        said.append(
            f"Over the same time {hub} sold {target} {words.figure(out['actual'], unit)} of goods under the same code, "
            f"against {words.figure(out['expected'], unit)} expected."
        )
    else:
        said.append(
            f"What {hub} sold on to {target} is not in the records used: onward sale is inferred. {CAVEAT}"
        )
    bounds = words.interval(row["low"], row["high"], unit)
    worth = words.figure(row["diverted"], unit) + (f" (80% interval {bounds})" if bounds else "")
    passes = "" if row["q_value"] <= summary["flag_q"] else "it does not pass, for "
    said.append(
        f"The excess that may have gone on to {target} is {worth}"
        if out is not None
        else f"The excess into {hub} is {worth}: at most so much may have gone on to {target}, had all of it been "
        "sold on"
    )
    said[-1] += (
        f". Its q-value (the false-discovery rate) is {chance(row['q_value'])}: {passes}pairs up to "
        f"{summary['flag_q']:.2f} count as flags."
    )
    if told := case_notes.confirmation(row, summary):
        said.append(told)
    by: dict[str, list[str]] = {}
    for v in row["rivals"]:
        by.setdefault(v["verdict"], []).append(v["name"])
    for verdict, told in (
        ("holds", "Explains the figures as well"),
        ("in part", "Explains them in part"),
        ("rejected", "Tested and rejected"),
        ("not testable", "Not testable with these records"),
    ):
        if by.get(verdict):
            said.append(f"{told}: {words.joined(by[verdict])}.")
    said.append(
        "This is a statistical sign from aggregate trade records: it names no firm and proves no offence."
    )
    if summary["notes"]:
        said.append(f"Records: {source(summary)}")
    return " ".join(said)


def _monthly(summary: Row) -> bool:
    return len(summary["after"][0]) == 7


def method(summary: Row) -> list[str]:
    """How it is measured, a paragraph each."""
    target, told = country_name(summary["target"]), summary["counterfactual"]
    scaled = f"the level of {baseline(summary)}, scaled {'month by month ' if _monthly(summary) else ''}to"
    # a basis that is the level itself names no growth to move it by
    moved = (
        f"taken as it stood: {told['in']}"
        if told["in"].startswith("the pre-break level")
        else f"moved by the growth of {told['in']}"
    )
    made = [f"Expected: {scaled} {window(summary)} and {moved}. Excess is what was traded beyond that."]
    if told["out"] is None:
        made.append(
            f"Diverted is the excess into the hub. What hubs sold to {target} is not in the records, so a "
            "flag rests on one leg: it may also be the hub's own use."
        )
    else:
        made.append(
            f"Diverted is the smaller of two excesses: into the hub, and out of the hub to {target} "
            f"(expected there: {told['out']})."
        )
    made.append(
        "The 80% interval takes the error of each leg as logistic with the spread of pairs of the same size, "
        "cuts it off at what was truly traded, and allows for a mark-up of the hub. Intervals of hubs are added end "
        "to end, as if all errors went together: the sum's true interval is narrower."
    )
    made.append(
        f"The q-value is the expected share of false flags among pairs at least as surprising (Benjamini and Hochberg "
        f"1995), measured against: {summary['null']}. Rows up to {summary['flag_q']:.2f} are flags; the rest "
        "is a ranking. The order is by weight of evidence, not by value."
    )
    made.append(
        "The break is where the level of leg one changed most; it is worked out for cases alone. A rival "
        "explanation that holds does not delete a flag: it is printed with it."
    )
    if summary["decoys"]:
        made.append(f"Placebo targets: {words.joined([country_name(c) for c in summary['decoys']])}.")
    return [words.sentence(m) for m in made]


def command(summary: Row) -> str:
    """The command that makes it again, as far as the answer itself tells: files stand as FILE…"""
    asked = ["bilat", "divert", "FILE…", "--origin", origin_option(summary["origin"])]
    asked += ["--target", summary["target"], "--since", summary["since"], "--until", summary["after"][1]]
    if summary["basket"]:
        asked += ["--basket", summary["basket"]["name"]]
    return re.sub(r"'FILE…'", "FILE…", shlex.join([*asked, "--out", "DIR"]))
