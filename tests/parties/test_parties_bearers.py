# SPDX-License-Identifier: Apache-2.0
"""What counts of names say: who bears a common name is mostly not the listed one, until a birth or a number says so."""

import json
from importlib import resources

import numpy as np
import pytest

from bilat.formats.parties import ListedParty, Listing, Name
from bilat.parties.lists.listed import Held
from bilat.parties.match.bearers import share_of_people, zones
from bilat.parties.match.screener import Screener
from bilat.parties.names.forms import forms
from bilat.parties.run.opened import open_screener
from bilat.parties.run.queries import Query
from bilat.parties.run.screen import screen


@pytest.fixture(autouse=True)
def _holdings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path_factory.getbasetemp() / "bearers"))


def share(name: str, weight: dict[str, float] | None = None) -> float:
    return share_of_people(forms(name, True)[0].tokens, weight)


def ask(name: str, threshold: float | None = None, **beside: str) -> dict:
    out: list[dict] = []
    screen([Query("0", name, 0, **beside)], emit=out.append, threshold=threshold)  # type: ignore[arg-type]
    return out[0]


def flags(row: dict) -> set[str]:
    return {f["flag"] for f in row["flags"]}


def on_list(*names: str, schema: str = "Person", country: str = "") -> Screener:
    return Screener(
        [
            Held(
                ListedParty(f"x-{n}", schema, (Name(name),), "line 1", countries=(country,) if country else (),
                            listings=(Listing("own"),)),
                "own", "s" * 64, "2024-01-01",
            )
            for n, name in enumerate(names)
        ]
    )  # fmt: skip


def test_the_table_says_where_it_comes_from_and_no_share_exceeds_the_whole() -> None:
    table = json.loads(resources.files("bilat.parties.match").joinpath("name_shares.json").read_text("utf-8"))
    assert table["kind"] == "derived" and table["date"] and table["sources"] and table["made_by"]
    states = [s for z in zones().values() for s in z.states]
    assert len(states) == len(set(states)) and sum(n for z in zones().values() for n in z.states.values()) < 1
    for name, zone in zones().items():
        assert max(zone.given.values()) < 0.25 and max(zone.family.values()) < 0.5, name
        assert sum(zone.family.values()) < 2.1, name  # two forms of a Russian family name, each of its sex


def test_wang_wei_is_more_common_than_ivanov_and_a_fathers_name_makes_rarer() -> None:
    assert share("Wang Wei") > 10 * share("Ivanov Sergei") > 0
    assert (
        share("Ivanov Sergei")
        > 5 * share("Ivanov Sergei Ivanovich")
        > 5 * share("Ivanov Sergei Borisovich")
        > 0
    )
    assert share("Sergei Ivanov") == share("Иванов Сергей") == share("Ivanov, Sergey")
    assert share("Li Xiao Ming") == share("Li Xiaoming") > 0


def test_a_word_that_is_not_counted_leaves_no_bound() -> None:
    assert share("Sechin Igor") == share("Wang Qzzyx") == share("Wang") == 0
    assert share("Ivanov Sergei", {"CHN": 1.0}) == 0 and share("Ivanov Sergei", {"RUS": 1.0}) > 1e-5


@pytest.mark.parametrize("name", ["Wang Wei", "Zhang Lei", "Zhang Wei"])
def test_a_common_name_alone_is_no_match_and_still_comes_out(name: str) -> None:
    row = ask(name)
    assert row["band"] in ("unlikely", "possible")
    assert {"written_as_listed", "common_name"} <= flags(row)
    assert any("in a million people" in f["says"] for f in row["flags"])


def test_the_listed_birth_makes_a_common_name_a_match() -> None:
    assert ask("Zhang Lei", born="1976-01-03")["band"] == "match"


@pytest.mark.parametrize(
    "name", ["Ivanov Sergei Borisovich", "Sechin Igor Ivanovich", "Deripaska Oleg Vladimirovich"]
)
def test_a_rarer_russian_name_stays_a_match(name: str) -> None:
    row = ask(name)
    assert row["band"] == "match" and "common_name" not in flags(row)


def test_the_bound_only_lowers() -> None:
    screener = open_screener(None, None, None).screener
    names = [
        "Wang Wei",
        "Ivanov Sergei",
        "Ali Hassan",
        "Sechin Igor",
        "Rosneft",
        "Juan Perez",
        "Kim Yong Chol",
    ]
    found, pairs = screener.find([Query(str(n), name, n) for n, name in enumerate(names)])
    for f in found:
        for c in f.candidates[:1]:
            for value in (-5.0, 3.0, 20.0):
                assert screener.bearers.bounded(value, pairs, c.pair, f.query)[0] <= value


def test_the_listed_state_adds_nothing_where_all_who_bear_the_name_are_of_it() -> None:
    """A state that the list names multiplies the odds by three; of Wang Wei the counts say so already."""
    alone, there = ask("Wang Wei"), ask("Wang Wei", country="CN")
    assert there["listed"] == pytest.approx(alone["listed"], rel=0.25)
    assert ask("Wang Wei", threshold=0, country="US")["listed"] < alone["listed"]


def test_a_firm_is_not_bounded_by_counts_of_people() -> None:
    screener = on_list("Wang Wei", "Acme Trading Co", schema="Company")
    find = screener.find
    as_firm = find([Query("0", "Wang Wei", 0, schema="Company")])[0][0]
    as_any = find([Query("0", "Wang Wei", 0)])[0][0]
    assert not as_firm.candidates[0].borne and as_firm.listed >= as_any.listed


def test_who_bears_a_name_twice_on_the_list_is_twice_as_likely() -> None:
    rest = [f"Qozzim Vratek{chr(97 + n)}" for n in range(18)]
    most = []
    for names in (["Wang Wei", "Wang Wenhua"], ["Wang Wei", "Wang Wei"]):
        screener = on_list(*names, *rest)
        found, pairs = screener.find([Query("0", "Wang Wei", 0)])
        borne = screener.bearers.borne(pairs, found[0].candidates[0].pair)
        assert borne is not None
        most.append(borne.most)
    assert np.exp(most[1] - most[0]) == pytest.approx(2, rel=0.2)


def test_those_who_ask_about_listed_states_meet_its_names_more_often() -> None:
    """Half of those asked about are taken to be of the states of the listed persons."""
    abroad = on_list("Wang Wei", "Qozzim Vratek", country="SY").bearers
    at_home = on_list("Wang Wei", "Qozzim Vratek", country="CN").bearers
    assert at_home.asked["CHN"] > 2 * abroad.asked["CHN"] and abroad.asked["SYR"] > 0.4
    assert sum(at_home.asked.values()) <= 1 + 1e-9
