# SPDX-License-Identifier: Apache-2.0
"""Names that OFAC added in September 2026 and oil pipelines of April 2026: from the day that they were public on."""

from pathlib import Path

import pytest
from sample_files import FOLDER

from bilat.catalog import read, source
from bilat.dyad import Dyad
from bilat.errors import DataError
from bilat.holdings import Holdings, Store, embedded_folder
from bilat.measures import Ask, default_holdings
from bilat.parties.lists.entries import held_parties
from bilat.when import AsOf

ADDED = FOLDER / "ofac_sdn" / "ofac_added_2026-09-04_08_names.txt"
LINES = FOLDER / "oil_pipelines" / "worldmonitor_pipelines_oil_2026-04.json"


@pytest.mark.parametrize(("as_of", "n"), [("2026-09-07", 0), ("2026-09-08", 38)])
def test_names_added_since_the_edition_are_on_the_list_from_their_day_on(
    as_of: str, n: int
) -> None:
    found, (used,) = held_parties(["ofac_sdn"], AsOf(as_of), Holdings(embedded_folder()))
    added = [h for h in found if h.edition == "2026-09-08"]
    assert len(added) == n and ("38 more from files of 2026-09-08" in used.more) == bool(n)
    assert all(e.list == "OFAC SDN" for h in added for e in h.party.listings)
    assert {"Golden Global Yatirim Bankasi Anonim Sirketi", "Qeshm Air"} & {
        h.party.name for h in found
    } or not n
    # The youngest edition of the list that is embedded is of that day; a few names make it no newer.
    assert used.content == "2026-07-31"


def test_an_edition_of_the_list_that_is_newer_takes_their_place(tmp_path: Path) -> None:
    raw = tmp_path / "sdn.csv"
    raw.write_bytes(
        (FOLDER / "ofac_sdn" / "sdn_2024-05-03.csv").read_bytes().replace(b"Tug", b"Tanker")
    )
    sdn = source("ofac_sdn")
    file = (
        sdn.current[0].file().model_copy(update={"min_rows": 1, "options": {"format": "ofac-csv"}})
    )
    Store(tmp_path / "h").add(sdn, file, raw)
    found, _ = held_parties(["ofac_sdn"], AsOf(), Holdings(tmp_path / "h"))
    assert found and not [h for h in found if h.party.id.startswith("added-")]


@pytest.mark.parametrize("broken", ["names\nX\n", "name\nX\nX\n", "name\n\n"])
def test_a_file_of_names_that_is_none_is_refused(tmp_path: Path, broken: str) -> None:
    sdn = source("ofac_sdn")
    file = next(f for f in sdn.files if f.options.get("format") == "names")
    place = tmp_path / "names.txt"
    place.write_text(broken, "utf-8")
    with pytest.raises(DataError):
        read(sdn, file, place)


def test_a_pipeline_is_of_the_states_that_it_begins_and_ends_in() -> None:
    def lines(states: str, as_of: str) -> list[tuple[str, str, float]]:
        rows = Ask(Dyad("KAZ", "CHN"), AsOf(as_of), {}, default_holdings()).query(
            "SELECT * FROM estimates WHERE source = 'oil_pipelines' AND entity = ?", states
        )
        return [(r["period"], r["item"], round(r["value"], 3)) for r in rows.to_pylist()]

    assert lines("KAZ>CHN", "2026-11-28") == [
        ("2026-04", "Kazakhstan-China Oil Pipeline - Atasu-Alashankou", 0.401)
    ]
    assert not lines("CHN>KAZ", "2026-11-28") and not lines("RUS>CHN", "2026-11-28")
    assert not lines("KAZ>CHN", "2026-04-24")


def test_lines_that_others_wrote_by_hand_are_left_out_and_a_capacity_that_is_none_is_refused(
    tmp_path: Path,
) -> None:
    lines = source("oil_pipelines")
    file = lines.files[0].model_copy(update={"min_rows": 1})
    ((_, rows),) = read(lines, file, LINES)
    assert rows["entity"].to_pylist() == ["KAZ>CHN", "RUS>BLR", "CHN", "IRN"]
    place = tmp_path / "lines.json"
    place.write_text(
        LINES.read_text("utf-8").replace('"capacityMbd": 0.', '"capacityMbd": 50.'), "utf-8"
    )
    with pytest.raises(DataError, match="is not a capacity of a pipeline"):
        read(lines, file, place)


@pytest.mark.shared
def test_the_tracker_is_read_whole(mirror: Path) -> None:
    lines = source("oil_pipelines")
    ((_, rows),) = read(lines, lines.files[0], mirror / lines.files[0].path)
    assert rows.num_rows == 250
    assert sum(">" in e for e in rows["entity"].to_pylist()) == 38
