# SPDX-License-Identifier: Apache-2.0
"""Measures which events of chronicles that no series holds reach the board of the watch.

``watch_chronicle_2025.csv`` has every event of Russia or China with another state in 2025 and 2026
on 16 pages of others, taken down after the changes of December 2026 and before the board was
asked.

``watch_chronicle.csv`` has every event of two states on the pages that were read: Comparative
Connections (China and Russia), Reuters' dates of Russia and North Korea, Yonhap's weeks and a
digest of 2024. It was compiled before the board was looked at. ``from`` and ``to`` bound the day;
``words`` are what a line of the board must contain, alternatives divided by ``|``, words that must
stand together by ``&``. The order of the lot is that of the digests of the ids: the first half was
drawn before the records were mended, the second half after.

Run: ``python benchmarks/watch_chronicle.py [--half 1 | --fresh | --calm]``.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from pathlib import Path

from bilat.dyad import Dyad
from bilat.forecast.alarms import board_alarms
from bilat.forecast.events import dated_events, published
from bilat.forecast.streams import Stream, steps, streams
from bilat.forecast.streams import months as months_between
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf

CHRONICLE = Path(__file__).with_name("watch_chronicle.csv")
FRESH = Path(__file__).with_name("watch_chronicle_2025.csv")
#: States of which calm pairs are drawn by lot, and how many; the years over which their alarms count.
CALM = (
    "ARG AUS AUT BGR BRA CAN CHE CHL COL DNK EGY ESP GRC HUN IDN IRL ISL ITA JOR KEN MAR MEX MYS "
    "NLD NOR NZL PER PRT SWE THA URY ZAF"
)
CALM_PAIRS = 10
CALM_SINCE = dt.date(2021, 10, 1)
#: Days by which the board's day may differ from the chronicle's: time zones, and visits of days.
NEAR = 2
#: Days after the event by which the board must have it.
SOON = 31
#: Months in which an alarm may still be of the event.
WITHIN = 4


@dataclass(frozen=True)
class ChronicleEvent:
    """An event of a chronicle, with the bounds of its day."""

    id: str
    pair: Dyad
    first: dt.date
    last: dt.date
    what: str
    words: str
    page: str

    def is_said_by(self, line: str) -> bool:
        """Return whether a line of the board contains the words of the event."""
        for together in self.words.split("|"):
            if all(word.strip().lower() in line.lower() for word in together.split("&")):
                return True
        return False


def chronicle(path: Path = CHRONICLE) -> list[ChronicleEvent]:
    """Return the events in the order of the lot."""
    with path.open(encoding="utf-8", newline="") as file:
        events = [
            ChronicleEvent(
                row["id"],
                Dyad(*row["pair"].split()),
                dt.date.fromisoformat(row["from"]),
                dt.date.fromisoformat(row["to"]),
                row["what"],
                row["words"],
                row["page"],
            )
            for row in csv.DictReader(file)
        ]
    return sorted(events, key=lambda event: sha256(event.id.encode()).hexdigest())


def half(number: int) -> list[ChronicleEvent]:
    """Return the first or the second half of the lot."""
    events = chronicle()
    middle = (len(events) + 1) // 2
    return events[:middle] if number == 1 else events[middle:]


def on_board(event: ChronicleEvent, holdings: Holdings, shift: int = 0) -> list[str]:
    """Return the lines of the pair's board that tell of an event, as a reader would see them.

    ``shift`` is a number of days by which the event is moved to tell luck.
    """
    first = event.first - dt.timedelta(days=NEAR + shift)
    last = event.last + dt.timedelta(days=NEAR - shift)
    read = AsOf(str(last + dt.timedelta(days=SOON)))
    lines = []
    before = AsOf(str(first - dt.timedelta(days=1)))
    for found in [*dated_events(before, read, holdings), *published(before, read, holdings)]:
        in_time = first <= found.day <= last
        if in_time and found.concerns(event.pair) and event.is_said_by(found.what):
            lines.append(f"{found.when}: {found.what}")
    return lines


def alarm_months(event: ChronicleEvent, found: Sequence[Stream]) -> set[str]:
    """Return the months in which a series of the pair alarmed."""
    own = [s for s in found if s.concerns(event.pair)]
    return {alarm.month for alarm in board_alarms(own, event.pair)}


def has_alarm(day: dt.date, months: set[str]) -> bool:
    """Return whether any series alarmed soon after a day."""
    month = f"{day:%Y-%m}"
    return any(month <= later and steps(month, later) <= WITHIN for later in months)


def chance_of_alarm(events: Sequence[ChronicleEvent], months: set[str]) -> float:
    """Return the share of the months of a chronicle that an alarm of the pair soon follows."""
    first = min(event.first for event in events)
    last = max(event.last for event in events)
    every = months_between(f"{first:%Y-%m}", f"{last:%Y-%m}")
    followed = [has_alarm(dt.date.fromisoformat(f"{month}-28"), months) for month in every]
    return sum(followed) / len(followed)


def calm_pairs() -> list[Dyad]:
    """Return the calm pairs in the order of the digests of their names."""
    pairs = combinations(CALM.split(), 2)
    drawn = sorted(pairs, key=lambda pair: sha256("-".join(pair).encode()).hexdigest())
    return [Dyad(*pair) for pair in drawn[:CALM_PAIRS]]


def print_calm(found: Sequence[Stream]) -> None:
    """Print the alarms of calm pairs by year."""
    for pair in calm_pairs():
        mine = [s for s in found if s.of(pair)]
        alarms = [a for a in board_alarms(mine, pair) if a.known >= CALM_SINCE]
        own = [a for a in alarms if a.stream.concerns(pair)]
        years = Counter(a.known.year for a in own)
        print(
            f"{pair}: {len(own)} of their own, {max(years.values(), default=0)} in a year;", end=" "
        )
        print(f"{len(alarms) - len(own)} below the line")
        for alarm in own:
            print(f"         {alarm.stream.title}, {alarm.month}")


def print_events(events: Sequence[ChronicleEvent], found: Sequence[Stream], held: Holdings) -> None:
    """Print each event with the line that tells of it, and the counts."""
    told = 0
    luck = 0
    alarmed = 0
    alarmed_by_luck = 0.0
    for event in events:
        lines = on_board(event, held)
        told += bool(lines)
        luck += bool(on_board(event, held, shift=365))
        months = alarm_months(event, found)
        alarmed += has_alarm(event.last, months)
        alarmed_by_luck += chance_of_alarm(events, months)
        mark = "told  " if lines else "missed"
        print(f"{mark} {event.pair} {event.first} to {event.last}: {event.what}")
        for line in lines[:2]:
            print(f"         {line}")
    n = len(events)
    print(f"on the board {told} of {n}; a year earlier, by luck, {luck}")
    print(f"any alarm of the pair in {WITHIN} months: {alarmed}; by luck {alarmed_by_luck:.1f}")


def main() -> None:
    """Print which events of a chronicle reach the board, or the alarms of calm pairs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--half", type=int, choices=(1, 2), default=1)
    asked.add_argument("--fresh", action="store_true")
    asked.add_argument("--calm", action="store_true")
    options = asked.parse_args()
    held = Holdings(embedded_folder())
    found, _ = streams(AsOf(None), held)
    if options.calm:
        print_calm(found)
        return
    events = chronicle(FRESH) if options.fresh else half(options.half)
    print_events(events, found, held)


if __name__ == "__main__":
    main()
