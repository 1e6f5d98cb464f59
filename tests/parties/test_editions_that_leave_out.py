# SPDX-License-Identifier: Apache-2.0
"""What an edition leaves out for all of its parties is what an earlier file said; what it says itself stands."""

import json
from pathlib import Path

import pytest
from sample_files import sample

from bilat.catalog import source
from bilat.formats.parties.formats import load
from bilat.holdings import Holdings, Store
from bilat.parties.lists.effects import publisher
from bilat.parties.lists.entries import ListEntry, held_parties, list_sources
from bilat.when import AsOf


@pytest.fixture(autouse=True)
def nothing_embedded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only what a test stores is there."""
    monkeypatch.setattr("bilat.holdings.view.embedded_folder", lambda: tmp_path / "nothing")


def entries(folder: Path, name: str) -> dict[str, ListEntry]:
    """The parties of a list as of October 2026, by id."""
    parties, _ = held_parties([name], AsOf("2026-10-01"), Holdings(folder))
    return {h.party.id: h for h in parties}


def stored(folder: Path, name: str, *files: str) -> dict[str, ListEntry]:
    """The parties of a list of which these samples are stored, by id."""
    store = Store(folder)
    for file in source(name).files:
        if Path(file.path).name in files:
            case = sample(source(name), file)
            assert case is not None
            store.add(case.source, case.file, case.path, pulled_on=file.vintage)
    return entries(folder, name)


def test_numbers_births_and_ties_are_those_of_the_newest_edition_that_has_them(
    tmp_path: Path,
) -> None:
    screening = "csl_2026-07-31.json"
    alone = stored(tmp_path / "a", "ofac_sdn", screening)
    assert not any(h.party.identifiers for h in alone.values())
    found = stored(tmp_path / "b", "ofac_sdn", screening, "sdn_2024-05-03.csv")
    assert found.keys() == alone.keys(), "who left the list does not come back"
    party = found["ofac-37"].party
    assert "7700000001" in {i.value for i in party.identifiers}
    assert party.links and party.name == alone["ofac-37"].party.name
    assert {e.programme for e in party.listings} == {"RUSSIA-EO14024", "UKRAINE-EO13662"}
    assert found["ofac-37"].edition == "2026-07-31"


def test_a_ship_described_without_the_publishers_number_is_met_by_its_name(tmp_path: Path) -> None:
    """A name that two ships of the list bear meets neither."""
    names = ["EXAMPLE STAR", "EXAMPLE MOON", "EXAMPLE MOON"]
    listed = {
        "fieldKey": {"n": "name", "e": "entity_number"},
        "tables": {
            "sources": ["Specially Designated Nationals (SDN) - Treasury Department"],
            "programmes": ["RUSSIA-EO14024"],
        },
        "entries": [
            {"n": name, "s": 0, "t": "Vessel", "e": str(90 + n), "pg": 0}
            for n, name in enumerate(names)
        ],
    }
    ships = {
        "vessels": [
            {"name": "EXAMPLE STAR", "imo": 7406784},
            {"name": "EXAMPLE MOON", "imo": 9187629},
        ]
    }
    store = Store(tmp_path / "h")
    for name, content in (("csl_2026", listed), ("ofac_sdn_vessels", ships)):
        file = next(f for f in source("ofac_sdn").files if name in f.path)
        path = tmp_path / Path(file.path).name
        path.write_text(json.dumps(content))
        few = file.model_copy(update={"min_rows": 1})
        store.add(source("ofac_sdn"), few, path, pulled_on=file.vintage)
    numbers = {
        key: [i.value for i in h.party.identifiers]
        for key, h in entries(tmp_path / "h", "ofac_sdn").items()
    }
    assert numbers == {"ofac-90": ["7406784"], "ofac-91": [], "ofac-92": []}


def test_british_numbers_births_and_nationalities_come_from_tables_beside_the_list(
    tmp_path: Path,
) -> None:
    names = [Path(f.path).name for f in source("uk_sanctions").files]
    found = stored(tmp_path / "h", "uk_sanctions", *names)
    assert len(found) == 14, "the tables list nobody"
    one = found["uk-RUS0000"].party
    assert one.countries == ("RU",) and one.born == "1960-01-02"
    assert [i.value for i in one.identifiers] == ["7700000000"]
    ship = found["uk-RUS0013"].party
    assert [(i.kind, i.value) for i in ship.identifiers] == [("imo", "7406784")]


def test_a_list_of_ones_own_may_be_a_csv(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "id,name,schema,aliases,ids,country\n"
        "a1,Example Orion LLC,Company,Orion; Орион,inn:7707083893,RU\n"
        "a2,Example Star,Vessel,,imo:7406784,\n"
    )
    one, two = load(mine)
    assert [n.text for n in one.names] == ["Example Orion LLC", "Orion", "Орион"]
    assert one.countries == ("RU",) and one.identifiers[0].kind == "inn"
    assert two.schema == "Vessel" and two.identifiers[0].value == "7406784"
    parties, used = held_parties([str(mine)], None, None)
    assert len(parties) == 2 and used[0].source == "mine.csv"


def test_a_list_of_names_alone_keeps_its_ids_when_rows_move(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("name,country\nExample Orion LLC,RU\nExample Star,\n")
    before = {party.names[0].text: party.id for party in load(mine)}
    mine.write_text("name,country\nAnother,\nExample Star,\nExample  Orion llc,RU\n")
    after = {party.names[0].text: party.id for party in load(mine)}
    assert after["Example Star"] == before["Example Star"]
    assert after["Example Orion llc"] == before["Example Orion LLC"] and len({*after.values()}) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name\nOne\none\n", "name 'one' is already in row 2"),
        ("name,Country\nOne,RU\n", "'Country' is unknown"),
        ("id,name\na1,\n", "no name"),
        ("id,name\na1,One\na1,Two\n", "already in row 2"),
        ("id,name,colour\na1,One,red\n", "'colour' is unknown"),
        ("id,name,listed_on\na1,One,29.2.2023\n", "is not a day"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_its_row(
    text: str, says: str, tmp_path: Path
) -> None:
    from bilat.errors import DataError

    mine = tmp_path / "mine.csv"
    mine.write_text(text)
    with pytest.raises(DataError, match=says):
        load(mine)


def test_a_publisher_is_named_in_words_by_the_code_of_each_list() -> None:
    for name in list_sources():
        assert publisher(name.split("_")[0].upper())[-1].islower(), name
