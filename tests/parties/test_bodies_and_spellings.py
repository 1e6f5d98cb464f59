# SPDX-License-Identifier: Apache-2.0
"""Bodies of states, spellings and aliases of one party, places that are words of a name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_parties_joins_and_ties import groups, held

from bilat.formats.parties import Link, Listing, Name
from bilat.parties.lists.regimes import states_of_programme
from bilat.parties.match.bodies import states_in_name, without_states
from bilat.parties.match.evidence import weigh
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener


def entry(key: str, own: str, *aliases: tuple[str, str], **more):  # type: ignore[no-untyped-def]
    """Return a list entry with its own name and others of a kind."""
    made = held(key, own, **{"state": "", **more})
    names = (Name(own), *(Name(text, kind) for text, kind in aliases))
    return replace(made, party=replace(made.party, names=names))


def asked(name: str, *entries, typed: bool = True, **more) -> list[Alert]:  # type: ignore[no-untyped-def]
    """Return the rows of a name over some entries."""
    screener = Screener(entries)
    (answer,) = rows_of(screener, [Query("1", name, 1, **more)], Cut(typed=typed))
    return answer.rows


def programme(list_name: str, text: str) -> dict[str, tuple[Listing, ...]]:
    """Return what an entry of a programme is held with."""
    return {"lists": (Listing(list_name, text),)}


# -- whose name it is --------------------------------------------------------------------------------


def test_a_party_comes_before_the_one_that_has_its_name_as_an_alias_and_a_larger_group() -> None:
    head = entry("ofac-1", "Qalat Movement", ("Zarvan Falak", "alias"), ("Old Qalat", "alias"))
    members = [
        held(f"ofac-{n}", f"Orbel {n}", links=(Link("linked", "Qalat Movement"),))
        for n in range(2, 60)
    ]
    own = entry("ofac-70", "Zarvanfalak", ("Zarvan Falak", "alias"))
    rows = asked("Zarvan Falak", head, *members, own)
    assert [row.party for row in rows] == ["ofac-70", "ofac-1"]


def test_a_former_name_counts_less_than_a_present_one() -> None:
    ship = {"schema": "Vessel"}
    renamed = entry("ofac-1", "ZORAN SKY", ("Zoran Star", "former"), **ship)
    also = entry("uk-1", "ZORAN SKY", ("Zoran Star", "former"), **ship)
    present = entry("ofac-2", "ZORAN STAR", **ship)
    rows = asked("ZORAN STAR", renamed, also, present)
    assert rows[0].party == "ofac-2"
    assert (rows[0].probability or 0) > (rows[1].probability or 0)


# -- states of programmes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("2140 (Yemen)", {"YEM"}),
        ("IRN", {"IRN"}),
        ("HR", set()),
        ("TAQA", set()),
        ("1718 (DPRK)", {"PRK"}),
        ("The Democratic People's Republic of Korea (Sanctions) Regulations", {"PRK"}),
        ("UKR", set()),
        ("IRAN-EO13902", {"IRN"}),
    ],
)
def test_the_state_that_a_programme_is_named_for(text: str, codes: set[str]) -> None:
    assert states_of_programme(text) == codes


def test_entries_without_a_state_join_by_name_under_programmes_on_one_state() -> None:
    one = held("au-1", "Zarvan Falak Movement", state="", lists=(Listing("A", "2140 (Yemen)"),))
    two = held("ofac-1", "Zarvan Falak Movement", state="YE")
    other = held("ca-1", "Zarvan Falak Movement", state="", lists=(Listing("C", "Syria"),))
    assert groups(one, two) == [["au-1", "ofac-1"]]
    assert groups(two, other) == [["ofac-1"], ["ca-1"]]


def test_a_parent_s_number_beside_the_own_one_joins_nobody_to_the_parent() -> None:
    own = (("inn", "7702165310"), ("inn", "7702077840"))
    child = held("eu-1", "Settlement Depository", numbers=own)
    parent = held("eu-2", "Moscow Bourse Group", numbers=(("inn", "7702077840"),))
    assert groups(child, parent) == [["eu-1"], ["eu-2"]]


def test_one_long_rare_word_joins_the_entries_of_several_lists_in_one_state() -> None:
    spelled = [
        held("ofac-1", "JOINT STOCK COMPANY ZRUNSHTADTIN", place="4 Maly prospekt, Moscow"),
        held("uk-1", "Zrunshtadtin", place="9 Andropov avenue, Moscow"),
        held("ca-1", "Zrunshtadtin", lists=(Listing("Canada SEMA", "Russia"),), state=""),
    ]
    assert groups(*spelled) == [["ca-1", "ofac-1", "uk-1"]]
    other_form = held("uk-1", "LLC Zrunshtadtin", place="9 Andropov avenue, Moscow")
    assert len(groups(spelled[0], other_form)) == 2


def test_a_party_under_another_spelling_of_the_one_that_is_found_is_shown_too() -> None:
    one = entry("uk-1", "Kronshtadt", ("KRONSTADT", "alias"), state="RU")
    other = entry("au-1", "Kronshtadt")
    assert {row.party for row in asked("Kronstadt JSC", one, other)} == {"uk-1", "au-1"}


# -- bodies that every state has -----------------------------------------------------------------------


def test_a_ministry_named_in_part_is_found_by_its_state() -> None:
    iran = held("ofac-1", "Ministry of Defence and Armed Forces Logistics", state="IR")
    burma = held("ofac-2", "Ministry of Defence", state="MM")
    energy = held("eu-1", "Ministry of Energy of Iran", state="IR")
    for name in ("Ministry of Defence of Iran", "Iranian Ministry of Defence"):
        assert [row.party for row in asked(name, iran, burma, energy)] == ["ofac-1"]


def test_a_body_of_a_kind_that_every_state_has_is_no_more_than_possible_without_a_state() -> None:
    listed = entry("ca-1", "Presidential Guard", **programme("Canada SEMA", "Syria"))
    (row,) = asked("Presidential Guard", listed)
    assert (row.agreement.kind, row.band) == ("exact", "possible")
    (row,) = asked("Presidential Guard", listed, country="Syria")
    assert row.band in ("likely", "match")


@pytest.mark.parametrize("state", ["Ethiopia", "ET"])
def test_a_body_of_another_state_than_the_programme_s_is_neither_exact_nor_likely(
    state: str,
) -> None:
    listed = entry("ca-1", "Agricultural Cooperative Bank", **programme("Canada SEMA", "Syria"))
    rows = asked("Agricultural Cooperative Bank", listed, country=state)
    assert all(row.agreement.kind == "part" and row.band == "unlikely" for row in rows)
    assert asked("Agricultural Cooperative Bank of Ethiopia", listed) == []


def test_states_are_read_from_adjectives_and_long_names() -> None:
    assert states_in_name("Iranian Ministry of Defence") == {"IRN"}
    assert states_in_name("Bank of the Democratic People's Republic of Korea") == {"PRK"}
    assert without_states("Ministry of Defence of Iran") == "ministry of defence"


# -- what counts once -----------------------------------------------------------------------------------


def test_a_place_in_both_names_is_no_evidence_when_the_file_gives_it_too() -> None:
    record = {
        "born": [],
        "countries": ["BLR"],
        "addresses": [["8 Dolgobrodskaya street, Minsk", False]],
        "identifiers": [],
        "names": [["Minsk Tractor Works", "primary", False]],
        "connected": [],
    }
    query = Query("1", "Minsk Tractor Works", 1, place="Minsk", country="Belarus")
    assert weigh(query, record, "Minsk Tractor Works") == []
    other = Query("1", "Tractor Works", 1, place="Minsk", country="Belarus")
    assert [w.what for w in weigh(other, record, "Minsk Tractor Works")] == ["state", "place"]


def test_a_name_of_people_that_is_a_town_too_is_not_left_out() -> None:
    listed = entry("ofac-1", "MOHAMMED, Ali", schema="Person")
    assert all(row.agreement.kind != "exact" for row in asked("Mohammed Ali Hassan", listed))


# -- words of place and industry --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("深圳市明亮电子", "深圳市易络电子有限公司"),
        ("上海贸易", "上海亚商贸有限公司"),
        ("Shenzhen Brightway Electronics", "Shenzhen Yiluo Electronics"),
    ],
)
@pytest.mark.parametrize("typed", [True, False])
def test_a_town_and_a_trade_identify_nobody(name: str, listed: str, typed: bool) -> None:
    rows = asked(name, held("ofac-1", listed, state="CN"), typed=typed)
    assert all(row.band in ("possible", "unlikely") for row in rows)


def test_a_firm_of_a_town_and_a_trade_is_found_by_its_whole_name() -> None:
    (row,) = asked("Shenzhen Electronics Trading", held("ofac-1", "Shenzhen Electronics Trading"))
    assert row.agreement.kind == "exact"


# -- a firm is no ship -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Sirius LLC", "ООО Сириус", "Sirius Bank", "Sirius Group GmbH"])
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "in a file"])
def test_a_firm_or_a_bank_of_a_ship_s_name_is_not_that_ship(name: str, typed: bool) -> None:
    """Kaspi Bank contained "a listed name": that of a tanker formerly called Kaspiy."""
    ship = entry("ship", "SIRIUS", ("Kaspiy", "former"), schema="Vessel")
    firm = entry("firm", "Sirius", schema="LegalEntity")
    assert asked(name, ship, typed=typed) == []
    found = asked(name, ship, firm, typed=typed)
    assert "ship" not in {row.party for row in found}


@pytest.mark.parametrize("name", ["Sirius", "MV Sirius", "M/T SIRIUS"])
def test_a_ship_is_found_by_its_name_alone(name: str) -> None:
    ship = entry("ship", "SIRIUS", schema="Vessel")
    assert [row.party for row in asked(name, ship)] == ["ship"]


def test_a_ship_whose_own_name_has_a_bank_or_a_legal_form_is_found() -> None:
    for own in ("GRAND BANK", "AS ALEXANDRIA", "NORDIC SA"):
        ship = entry("ship", own, schema="Vessel")
        assert [row.party for row in asked(own.title(), ship)] == ["ship"], own
