# SPDX-License-Identifier: Apache-2.0
"""What is marked never leaves in an export of a lower marking: planted texts are looked for in every byte."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_team import AS_OF, MOMENT, PAIR, judgement, row, team

from bilat.exchange import FORMATS, gather, write_export
from bilat.exchange.parcel_import import import_parcel
from bilat.handling import TLP, Marking
from bilat.holdings import Holdings, embedded_folder
from bilat.sharing import Team

CLAIMS = ("P7", "P8", "W1")
STATES = ["EST", "POL", "USA"]
markings = st.builds(
    lambda tlp, states: Marking(tlp, None if tlp == "CLEAR" else states),
    st.sampled_from(TLP),
    st.none() | st.frozensets(st.sampled_from(STATES), min_size=1),
)
#: Letters of three scripts and what a spreadsheet or a markup would change; no quote, which JSON writes with a slash.
words = st.text("abcXYZжюя中文 =+-@<&>'", min_size=3, max_size=12).map(lambda t: f"z{t}z")


@pytest.fixture(scope="module")
def held() -> Holdings:
    return Holdings(embedded_folder())


@st.composite
def planted(draw: st.DrawFn) -> dict[str, list[tuple[Marking, str]]]:
    """For each sort of thing, markings with a text that stands nowhere else."""
    numbers = count()

    def some(most: int, least: int = 0) -> list[tuple[Marking, str]]:
        return [
            (draw(markings), f"{draw(words)}{next(numbers)}q")
            for _ in range(draw(st.integers(least, most)))
        ]

    return {"claims": some(3, 3), "dissents": some(3), "decisions": some(3), "rows": some(3)}


def fill(folder: Path, things: dict[str, list[tuple[Marking, str]]]) -> Team:
    made = team(
        folder,
        rows=tuple(
            row(
                f"{n}{t}", note=f"n{t}", source=f"s{t}", group=f"g{t}", unit=f"u{t}", marking=str(m)
            )
            for n, (m, t) in enumerate(things["rows"])
        ),
        claims={c: str(m) for c, (m, _) in zip(CLAIMS, things["claims"], strict=True)},
    )
    for n, (m, t) in enumerate(things["dissents"]):
        made.dissent_log.add(
            CLAIMS[n],
            "in part",
            f"w{t}",
            f"by {t}",
            as_of="2025-01-01",
            marking=str(m),
            when=MOMENT,
        )
    for m, t in things["decisions"]:
        made.decision_log.add(
            f"q{t}",
            f"p{t}",
            "true",
            f"r{t}",
            f"by {t}",
            name_matched=t,
            marking=str(m),
            when=MOMENT,
        )
    return made


def bytes_of(place: Path) -> Iterator[bytes]:
    for path in [place] if place.is_file() else sorted(place.rglob("*")):
        yield path.name.encode()
        if path.is_file():
            yield path.read_bytes()


@pytest.mark.parametrize("to", FORMATS)
@given(things=planted(), export=markings)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_planted_text_leaves_only_where_its_marking_lets_it(
    to: str, held: Holdings, things: dict[str, list[tuple[Marking, str]]], export: Marking
) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = fill(Path(name) / "team", things)
        judged = [judgement(c, text=t) for c, (_, t) in zip(CLAIMS, things["claims"], strict=True)]
        parts = [p for p in ("claims", "figures") if p in FORMATS[to]]
        parcel = gather(PAIR, AS_OF, held, export, team=made, parts=parts, judged=judged)
        write_export(parcel, to, Path(name) / "out")
        told = b"\n".join(bytes_of(Path(name) / "out"))
    of_claim = dict(zip(CLAIMS, (m for m, _ in things["claims"]), strict=True))
    for sort, some in things.items():
        for n, (marking, text) in enumerate(some):
            may = marking.may_leave_in(export)
            if sort == "dissents":
                may = may and of_claim[CLAIMS[n]].may_leave_in(export)
            assert (text.encode() in told) == (may and sort in FORMATS[to]), (
                sort,
                str(marking),
                str(export),
            )


@given(things=planted(), first=markings, second=markings)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nor_does_it_by_way_of_another_team(
    held: Holdings, things: dict[str, list[tuple[Marking, str]]], first: Marking, second: Marking
) -> None:
    with tempfile.TemporaryDirectory() as name:
        place, judged = Path(name), [judgement(c) for c in CLAIMS]
        one = fill(place / "one", things)
        import_parcel(
            gather(PAIR, AS_OF, held, first, team=one, parts=["claims"], judged=judged),
            place / "two",
        )
        parcel = gather(
            PAIR, AS_OF, held, second, team=Team(place / "two"), parts=["claims"], judged=judged
        )
        write_export(parcel, "frictionless", place / "out")
        told = b"\n".join(bytes_of(place / "out"))
    for sort in ("dissents", "rows", "decisions"):
        for marking, text in things[sort]:
            may = marking.may_leave_in(first) and marking.may_leave_in(second)
            assert may or text.encode() not in told
