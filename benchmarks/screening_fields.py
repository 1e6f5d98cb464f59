# SPDX-License-Identifier: Apache-2.0
"""What an officer meets: names with places, ships and banks in other columns, `exact`, named rules.

``screening.py`` writes these figures into its scorecard.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from fields import town_lines

from bilat import screen
from bilat.parties.match.exceptions import RULES, ExceptionLog
from bilat.parties.queries.query import Query
from bilat.parties.screening.screener import Screener
from bilat.places.place_codes import by_alpha2

SEED = 36
#: Places beside a name, as papers write them.
PLACES = (
    "Moscow, Russia", "Yangon", "Omsk", "Россия", "Islamic Republic of Iran", "Minsk",
    "Almaty, Kazakhstan", "Dubai, UAE", "Shenzhen", "Novosibirsk, Russia", "Tehran",
    "Istanbul, Türkiye", "Yerevan", "Bishkek, Kyrgyzstan", "Hong Kong", "Damascus, Syria",
    "Харків, Україна", "上海", "Kaliningrad", "Ust-Kamenogorsk",
)  # fmt: skip
#: How a name and a place stand beside each other.
LAYOUTS = ("{}, {}", "{} {}", "{} ({})", "{} - {}", "{}\n{}")
#: Rows of alerts for each query; typed or of a file.
Ask = Callable[[Screener, Sequence[Query], bool], list[list[dict]]]


def with_places(names: Sequence[str]) -> list[str]:
    """Return each name with a place beside it, places and layouts in turn."""
    out = []
    for n, name in enumerate(names):
        layout = LAYOUTS[n // len(PLACES) % len(LAYOUTS)]
        out.append(layout.format(name, PLACES[n % len(PLACES)]))
    return out


def as_queries(fields: Sequence[str]) -> list[Query]:
    """Return fields as the lines of a file."""
    return [Query(str(n), field, n) for n, field in enumerate(fields)]


def places_beside(
    screener: Screener, ask: Ask, firms: Sequence[str], famous: dict[str, str]
) -> dict:
    """Return alerts on clean firms with a place, and famous names told with one."""
    bare = ask(screener, as_queries(firms), False)
    placed = ask(screener, as_queries(with_places(firms)), False)
    out: dict = {
        "clean firms": len(firms),
        "alerts a thousand, bare": 1000 * sum(map(bool, bare)) / len(firms),
        "alerts a thousand, with a place": 1000 * sum(map(bool, placed)) / len(firms),
    }
    names = [name for name in famous for _ in range(3)]
    random.Random(SEED).shuffle(names)
    for label, typed in (("typed", True), ("in a file", False)):
        found = ask(screener, as_queries(with_places(names)), typed)
        pairs = [(famous[n], rows) for n, rows in zip(names, found, strict=True)]
        shown = sum(any(w in _names(r) for r in rows) for w, rows in pairs)
        told = sum(_is_told(rows, w) for w, rows in pairs)
        out[f"famous with a place, {label}"] = {
            "fields": len(names),
            "shown": shown / len(names),
            "told": told / len(names),
        }
    return out


#: How a mark parts a name from a place.
MARKS = ("{}, {}", "{} ({})", "{} - {}", "{}\n{}")


def places_by_kind(screener: Screener, ask: Ask, famous: dict[str, str]) -> dict:
    """Return how famous names are told with three kinds of place: any one behind a mark; a town of
    the listed party's own state without a mark; a town of another state without a mark.

    A name of the third kind is right if the answer says that the place is not in the listed name.
    """
    rng = random.Random(SEED)
    towns = _large_towns()
    anywhere = [town for of in towns.values() for town in of]
    made: dict[str, list[tuple[str, str]]] = {"marked": [], "of its state": [], "foreign": []}
    rows_of_names = ask(screener, as_queries([*famous]), True)
    for (name, wanted), rows in zip(famous.items(), rows_of_names, strict=True):
        own = next((row["countries"] for row in rows if wanted in _names(row)), [])
        at_home = [town for state in own for town in towns.get(state, ())]
        abroad = [town for state, of in towns.items() if state not in own for town in of]
        made["marked"] += [
            (wanted, mark.format(name, rng.choice(anywhere))) for mark in rng.sample(MARKS, 2)
        ]
        made["foreign"] += [(wanted, f"{name} {town}") for town in rng.sample(abroad, 2)]
        sample = rng.sample(at_home, min(2, len(at_home)))
        made["of its state"] += [(wanted, f"{name} {town}") for town in sample]
    out: dict = {}
    for kind, fields in made.items():
        for label, typed in (("typed", True), ("in a file", False)):
            found = ask(screener, as_queries([field for _, field in fields]), typed)
            pairs = [(wanted, rows) for (wanted, _), rows in zip(fields, found, strict=True)]
            out[f"{kind}, {label}"] = {
                "fields": len(fields),
                "shown": sum(any(w in _names(r) for r in rows) for w, rows in pairs) / len(fields),
                "told": sum(_is_told(rows, w) for w, rows in pairs) / len(fields),
                "told with a word over": sum(_is_told_in_part(*pair) for pair in pairs)
                / len(fields),
            }
    return out


def _large_towns() -> dict[str, list[str]]:
    """Return towns of each state by their first name in Latin letters."""
    states = by_alpha2()
    out: dict[str, list[str]] = {}
    for kind, size, state, names in town_lines():
        latin = [name for name in names if name.isascii() and len(name) > 3]
        if kind == "T" and size > 1 and latin and state in states:
            out.setdefault(states[state], []).append(latin[0])
    return out


def _is_told_in_part(wanted: str, rows: Sequence[dict]) -> bool:
    if not rows or wanted not in _names(rows[0]):
        return False
    return rows[0]["agreement"] == "part" and bool(rows[0]["words_left"]["asked"])


def _names(row: dict) -> str:
    return " ".join((row["name"], row["name_matched"], *row["aliases"])).upper()


def _is_told(rows: Sequence[dict], wanted: str) -> bool:
    if not rows or wanted not in _names(rows[0]):
        return False
    return rows[0]["agreement"] in ("exact", "short") and rows[0]["band"] != "unlikely"


def consignments(screener: Screener, firms: Sequence[str]) -> dict:
    """Return how often a clean consignee is accused by the numbers of a listed ship and bank."""
    rng = random.Random(SEED)
    ships = [*_with_number(screener, "imo:", "Vessel")]
    banks = [*_with_number(screener, "swift:", "")]
    rng.shuffle(ships)
    rng.shuffle(banks)
    columns = zip(firms, ships, banks, strict=False)
    table = [
        {"Consignee": firm, "Notify Party": firm, "Vessel": "", "IMO No.": ship, "Bank BIC": bank}
        for firm, ship, bank in columns
    ]
    run = screen(table)
    roles = Counter(role for _, role in {(row["query_id"], row["role"]) for row in run})
    return {
        "consignments": len(table),
        "ships found": roles["vessel"],
        "banks found": roles["bank"],
        "consignees accused": len(table) and sum(roles.values()) - roles["vessel"] - roles["bank"],
    }


def _with_number(screener: Screener, label: str, schema: str) -> Iterator[str]:
    for n in range(len(screener)):
        record = screener.record(n)
        numbers = [i for i in record["identifiers"] if i.startswith(label)]
        if numbers and schema in ("", record["schema"]):
            yield numbers[0].removeprefix(label)


def exact_ones(screener: Screener, ask: Ask, firms: Sequence[str]) -> dict:
    """Return the registered firms that are called the exact name of a listed party."""
    found = ask(screener, as_queries(firms), False)
    pairs = [(firm, rows[0]) for firm, rows in zip(firms, found, strict=True) if rows]
    exact = {f: r["name_matched"] for f, r in pairs if r["agreement"] == "exact"}
    return {"firms": len(firms), "alerts": len(pairs), "called exact": exact}


@contextmanager
def rules_off(*names: str) -> Iterator[ExceptionLog]:
    """Switch named rules off, and yield the log that counts the others."""
    before = Screener.exceptions
    Screener.exceptions = ExceptionLog(off=frozenset(names))
    try:
        yield Screener.exceptions
    finally:
        Screener.exceptions = before


def named_rules(measure: Callable[[], tuple[float, float]]) -> dict:
    """Return how often each named rule decided, and what it costs to switch it off.

    ``measure`` returns the share of listed names found, and false alerts a thousand.
    """
    with rules_off() as log:
        found, false = measure()
        counts = Counter(log.counts)
    out: dict = {"all on": {"found": found, "false a thousand": false}}
    for rule in RULES:
        row = {"decided": counts[rule.name]}
        if counts[rule.name]:
            with rules_off(rule.name):
                found_without, false_without = measure()
            row["off: found"] = round(found_without - found, 4)
            row["off: false a thousand"] = round(false_without - false, 2)
        out[rule.name] = row
    return out
