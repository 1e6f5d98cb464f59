# SPDX-License-Identifier: Apache-2.0
"""Forecasts kept in a log in which each carries the hash of the one before it.

Nobody can write one afterwards: it would break every hash after it, and whoever noted the last
hash on a day holds the proof that all before it stood on that day.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from bilat.errors import DataError, UnknownName
from bilat.files.hash_log import GENESIS, HashLog, digest
from bilat.forecast.questions import ForecastQuestion, built_in
from bilat.forecast.resolution import WAITING, Forecast
from bilat.units.notation import count_text

OURS = "bilat"
YOURS = "you"
#: A probability in the log has so many decimals; a smaller change is none.
DECIMALS = 3
#: The log that comes with bilat, in its folder of questions.
PUBLISHED = "history.jsonl"


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """One probability of one question, as said by somebody on a day."""

    question: str
    said_on: str  # YYYY-MM-DD: the as-of date of the probability
    who: str  # OURS or YOURS
    probability: str
    base_rate: str  # blank where it is not ours, or where none was counted
    terms: str  # digest of the question with its criterion: another text is another question
    when: str  # date and time of the entry, UTC
    previous: str = GENESIS

    @property
    def hash(self) -> str:
        """sha256 of the entry, which the next one carries."""
        return digest(self)


class ForecastLog(HashLog[KeptForecast]):
    """The log in a file; made when the first forecast is kept."""

    kind = KeptForecast
    noun = "a kept forecast"

    def sound(self, record: KeptForecast) -> bool:
        """Whether dates and probability are such."""
        dt.date.fromisoformat(record.said_on)
        dt.datetime.fromisoformat(record.when)
        return 0 < float(record.probability) < 1 and record.who in (OURS, YOURS)

    def keep(
        self,
        forecasts: Sequence[Forecast],
        yours: dict[str, float],
        said_on: dt.date,
        when: dt.datetime | None = None,
    ) -> int:
        """Append each open forecast that is another than the last one kept, and return how many.

        Raises
        ------
        DataError
            if the log is damaged or cannot be written.
        """
        last = {(e.question, e.who): e for e in self.entries()}
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        entries = []
        for f in forecasts:
            if f.outcome.status != WAITING:
                continue
            q = f.question
            rate = _text(f.rate.probability) if q.record else ""
            said = [(OURS, _text(f.now), rate)]
            if q.id in yours:
                said.append((YOURS, _text(yours[q.id]), ""))
            for who, probability, base in said:
                entry = KeptForecast(
                    q.id,
                    said_on=said_on.isoformat(),
                    who=who,
                    probability=probability,
                    base_rate=base,
                    terms=terms(q),
                    when=moment,
                )
                if _differs(entry, last.get((q.id, who))):
                    entries.append(entry)
        self.write(*(_after(e) for e in entries))
        return len(entries)


def _after(entry: KeptForecast):  # type: ignore[no-untyped-def]
    return lambda previous: KeptForecast(
        entry.question,
        said_on=entry.said_on,
        who=entry.who,
        probability=entry.probability,
        base_rate=entry.base_rate,
        terms=entry.terms,
        when=entry.when,
        previous=previous,
    )


def _text(p: float) -> str:
    return f"{p:.{DECIMALS}f}"


def _differs(entry: KeptForecast, last: KeptForecast | None) -> bool:
    return last is None or (last.probability, last.terms) != (entry.probability, entry.terms)


def terms(question: ForecastQuestion) -> str:
    """sha256 of a question with its dates, record and criterion."""
    kept = {"id", "asks", "opened", "closes", "record", "criterion", "base", "needs"}
    return hashlib.sha256(question.model_dump_json(include=kept).encode()).hexdigest()


@cache
def published() -> tuple[KeptForecast, ...]:
    """Return the log that comes with bilat, checked, with the questions that come with it.

    Raises
    ------
    DataError
        if an entry was changed, or the text of a question since its number was kept.
    """
    at = resources.files("bilat.forecast").joinpath("sets", PUBLISHED)
    with resources.as_file(at) as path:
        entries = tuple(ForecastLog(path).entries())
    refuse_other_texts(entries, built_in())
    return entries


def refuse_other_texts(entries: Sequence[KeptForecast], asked: Iterable[ForecastQuestion]) -> None:
    """Check that each question in a log still has the text under which its last number was kept.

    Raises
    ------
    DataError
        for a question that has another text, or is gone.
    """
    now = {q.id: terms(q) for q in asked}
    last = {e.question: e for e in entries if e.who == OURS}
    for name, entry in last.items():
        if now.get(name) != entry.terms:
            what = "has another text now" if name in now else "is missing"
            raise DataError(
                f"question {name} {what}; its number was kept on {entry.said_on}",
                file="forecast/sets",
                cure="restore its text, and ask what is new under an id of its own",
            )


def last_before(
    entries: Sequence[KeptForecast], question: ForecastQuestion, day: dt.date
) -> KeptForecast | None:
    """Our last probability of a question that was said before a day, of the same terms."""
    ours = _ours_before(entries, question, day)
    return ours[-1] if ours else None


def unchanged_from(
    entries: Sequence[KeptForecast], question: ForecastQuestion, day: dt.date
) -> KeptForecast | None:
    """Our entry before a day since which the number, in per cent, has been the same."""
    found = None
    for entry in _ours_before(entries, question, day):
        if found is None or _percent(entry) != _percent(found):
            found = entry
    return found


def _ours_before(
    entries: Sequence[KeptForecast], question: ForecastQuestion, day: dt.date
) -> list[KeptForecast]:
    """Our entries on a question of the same terms that were said before a day, oldest first."""
    of = terms(question)
    return [
        e
        for e in entries
        if (e.question, e.who, e.terms) == (question.id, OURS, of) and e.said_on < str(day)
    ]


def _percent(entry: KeptForecast) -> int:
    return round(100 * float(entry.probability))


def change(forecast: Forecast, entries: Sequence[KeptForecast], day: dt.date) -> str:
    """The change since the last entry of a log before a day, or else since the opening."""
    question = forecast.question
    last = last_before(entries, question, day)
    was = float(last.probability) if last else forecast.probability
    since = last.said_on if last else str(question.opened)
    if since == str(day):
        return "new"
    points = round(100 * forecast.now) - round(100 * was)
    if not points:
        return "no change"
    sign = "+" if points > 0 else "−"
    return f"{sign}{count_text(abs(points), 'points')}"


def read_yours(path: Path, asked: Sequence[ForecastQuestion]) -> dict[str, float]:
    """A user's own numbers: a CSV file with columns question and probability.

    Raises
    ------
    DataError
        naming file, row and what is wrong.
    UnknownName
        for an id that no question has.
    """
    try:
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as e:
        raise DataError(
            f"cannot be read ({e})", file=path, cure="name a CSV file in UTF-8"
        ) from None
    ids = {q.id.casefold(): q.id for q in asked}
    found: dict[str, float] = {}
    for n, row in enumerate(rows, 2):
        given = (row.get("question") or "").strip()
        if given.casefold() not in ids:
            raise UnknownName(
                f"{path.name}, row {n}: no question {given!r}: use one of {', '.join(ids.values())}"
            )
        text = (row.get("probability") or "").strip()
        found[ids[given.casefold()]] = _probability(text, path, n)
    if not found:
        raise DataError(
            "holds no number", file=path, cure="give it columns question and probability"
        )
    return found


def _probability(text: str, path: Path, row: int) -> float:
    cure = "write a number above 0 and below 1, such as 0.35, or 35%"
    number = text.removesuffix("%")
    try:
        value = float(number) / (100 if number != text else 1)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise DataError(
            f"{text!r} is not a probability", file=path, row=row, column="probability", cure=cure
        )
    return value
