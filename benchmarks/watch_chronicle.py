# SPDX-License-Identifier: Apache-2.0
"""Measures which events of chronicles that no series holds reach the board of the watch.

``watch_chronicle.csv`` has every event of two states on the pages that were read: Comparative
Connections (China and Russia), Reuters' dates of Russia and North Korea, Yonhap's weeks and a
digest of 2024. It was compiled before the board was looked at. ``from`` and ``to`` bound the day;
``words`` are what a line of the board must contain, alternatives divided by ``|``, words that must
stand together by ``&``. The order of the lot is that of the digests of the ids: the first half was
drawn before the records were mended, the second half after.

Run: ``python benchmarks/watch_chronicle.py [--half 1]``.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bilat.dyad import Dyad
from bilat.forecast.alarms import board_alarms
from bilat.forecast.events import dated_events, published
from bilat.forecast.streams import Stream, steps, streams
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf

CHRONICLE = Path(__file__).with_name("watch_chronicle.csv")
#: Days by which the board's day may differ from the chronicle's: time zones, and visits of days.
NEAR = 2
#: Days after the event by which the board must have it.
SOON = 31
#: Months in which an alarm may still be of the event, and how much earlier luck is told.
WITHIN = 4
EARLIER = 24


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


def chronicle() -> list[ChronicleEvent]:
    """Return the events in the order of the lot."""
    with CHRONICLE.open(encoding="utf-8", newline="") as file:
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


def main() -> None:
    """Print each event with the line that tells of it, and the counts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--half", type=int, choices=(1, 2), default=1)
    number = asked.parse_args().half
    holdings = Holdings(embedded_folder())
    found, _ = streams(AsOf(None), holdings)
    told = 0
    luck = 0
    alarmed = 0
    alarmed_by_luck = 0
    events = half(number)
    for event in events:
        lines = on_board(event, holdings)
        told += bool(lines)
        luck += bool(on_board(event, holdings, shift=365))
        months = alarm_months(event, found)
        alarmed += has_alarm(event.last, months)
        alarmed_by_luck += has_alarm(event.last - dt.timedelta(days=365 * EARLIER // 12), months)
        mark = "told  " if lines else "missed"
        print(f"{mark} {event.pair} {event.first} to {event.last}: {event.what}")
        for line in lines[:2]:
            print(f"         {line}")
    n = len(events)
    print(f"half {number}: on the board {told} of {n}; a year earlier, by luck, {luck}")
    print(f"any alarm of the pair in {WITHIN} months: {alarmed}; by luck {alarmed_by_luck}")


if __name__ == "__main__":
    main()
