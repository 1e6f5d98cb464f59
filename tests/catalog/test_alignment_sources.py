# SPDX-License-Identifier: Apache-2.0
"""Votes, ideal points, regimes, disputes, agreements, trade and outlines: read as published, or refused."""

import gzip
import json
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bilat.catalog import read, sources
from bilat.catalog.readers.trade_finance import last_month
from bilat.errors import DataError
from bilat.holdings.pull import in_mirror
from bilat.places.cow import state


def where(mirror: Path, name: str, n: int = 0) -> Path:
    found = in_mirror(mirror, sources()[name].files[n])
    assert found is not None
    return found


def rows_of(mirror: Path, name: str, n: int = 0) -> pa.Table:
    source = sources()[name]
    ((_, rows),) = read(source, source.files[n], where(mirror, name, n))
    return rows


def only(rows: pa.Table, **wanted: str) -> list[dict]:
    for column, value in wanted.items():
        rows = rows.filter(pc.equal(rows[column], value))
    return rows.to_pylist()


@pytest.mark.parametrize(
    ("name", "n", "rows"),
    [
        ("un_ideal_points", 0, 10469),
        ("un_ideal_points", 1, 11238),
        ("un_agreement", 0, 11238 * 7 - 2209),
        ("un_roll_calls", 0, 73219),
        ("un_votes", 0, 870109),
        ("un_ukraine", 0, 386),
        ("unsc_vetoes", 0, 265),
        ("vdem_constraints_v12", 0, 46596),
        ("vdem_polyarchy_v16", 0, 16690),
        ("vdem_constraints_v15", 0, 6114),
        ("marquez_personalism", 0, 22597),
        ("dcad", 0, 1871),
        ("atop", 0, 789),
        ("natural_earth", 0, 177),
    ],
)
def test_every_line_is_taken_in(mirror: Path, name: str, n: int, rows: int) -> None:
    assert rows_of(mirror, name, n).num_rows == rows


def test_ideal_points_carry_the_published_quantiles_and_the_year_of_the_session(
    mirror: Path,
) -> None:
    (row,) = only(rows_of(mirror, "un_ideal_points", 1), entity="RUS", period="2023")
    assert (row["value"], row["low"], row["high"]) == (-0.5316102, -0.7243288, -0.352125)
    (older,) = only(rows_of(mirror, "un_ideal_points", 0), entity="CHN", period="2019")
    assert (older["value"], older["low"], older["high"]) == (-0.3336454, -0.5292273, -0.155211)
    assert older["known_on"].isoformat() == "2020-04-30"


def test_the_two_yemens_are_two_states(mirror: Path) -> None:
    rows = rows_of(mirror, "un_ideal_points", 1)
    pairs = list(zip(rows["entity"].to_pylist(), rows["period"].to_pylist(), strict=True))
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("name", ["un_votes", "un_agreement", "un_ideal_points"])
def test_serbia_is_not_called_yugoslavia(mirror: Path, name: str) -> None:
    rows = rows_of(mirror, name)
    who = "country" if name == "un_votes" else "entity"
    assert max(r["period"] for r in only(rows, **{who: "YUG"})) == "1992"
    assert min(r["period"] for r in only(rows, **{who: "SRB"})) == "2000"


def test_all_members_votes_agree_with_the_dated_roll_calls(mirror: Path) -> None:
    """Two files of one package: every dated vote of the fourteen stands in the other, in the same year."""
    dated, whole = rows_of(mirror, "un_roll_calls"), rows_of(mirror, "un_votes")

    def votes(rows: pa.Table) -> set[tuple[str, ...]]:
        year = pc.utf8_slice_codeunits(rows["period"], 0, 4)
        return set(
            zip(
                *(c.to_pylist() for c in (rows["rollcall"], rows["country"], rows["vote"], year)),
                strict=True,
            )
        )

    fourteen = set(dated["country"].to_pylist())
    of_them = whole.filter(pc.is_in(whole["country"], pa.array(sorted(fourteen))))
    more = votes(of_them) - votes(dated)
    assert not votes(dated) - votes(of_them)
    assert {country for _, country, _, _ in more} <= {"DEU"}  # West Germany stands in one file only


def test_the_years_of_roll_calls_in_the_catalog_are_those_of_the_dated_file(mirror: Path) -> None:
    dated, whole = rows_of(mirror, "un_roll_calls"), rows_of(mirror, "un_votes")
    year_of = dict(
        zip(
            dated["rollcall"].to_pylist(), [p[:4] for p in dated["period"].to_pylist()], strict=True
        )
    )
    found = dict(zip(whole["rollcall"].to_pylist(), whole["period"].to_pylist(), strict=True))
    assert len(found) == 6203
    assert {call: found[call] for call in year_of} == year_of


@pytest.mark.parametrize(
    ("code", "tally"),
    [
        ("68/262", {"yes": 100, "no": 11, "abstain": 58, "absent": 24}),
        ("ES-11/1", {"yes": 141, "no": 5, "abstain": 35, "absent": 12}),
    ],
)
def test_votes_on_ukraine_have_the_official_totals(
    mirror: Path, code: str, tally: dict[str, int]
) -> None:
    found = only(rows_of(mirror, "un_ukraine"), resolution=f"A/RES/{code}")
    assert {v: sum(r["vote"] == v for r in found) for v in tally} == tally


def test_resolution_68_262_is_the_same_in_both_records(mirror: Path) -> None:
    chart = {
        r["country"]: r["vote"]
        for r in only(rows_of(mirror, "un_ukraine"), resolution="A/RES/68/262")
        if r["vote"] != "absent"
    }
    roll = {
        r["country"]: r["vote"]
        for r in only(rows_of(mirror, "un_roll_calls"), resolution="R/68/262")
    }
    assert roll.keys() <= chart.keys() | {"UKR"}
    assert {c: v for c, v in roll.items()} == {c: chart[c] for c in roll}


@pytest.mark.parametrize(
    ("symbol", "tally"),
    [
        ("A/RES/ES-11/7", {"yes": 93, "no": 18, "abstain": 65}),
        ("A/RES/ES-11/8", {"yes": 93, "no": 8, "abstain": 73}),
    ],
)
def test_votes_of_the_third_anniversary_count_as_the_assembly_did(
    mirror: Path, symbol: str, tally: dict[str, int]
) -> None:
    found = only(rows_of(mirror, "un_ukraine_later"), resolution=symbol)
    assert {v: sum(r["vote"] == v for r in found) for v in tally} == tally
    assert len({r["country"] for r in found}) == len(found) == sum(tally.values())
    assert all("http" in r["locator"] for r in found)


def test_vetoes_are_read_from_names_as_the_flags_miss_some(mirror: Path) -> None:
    rows = rows_of(mirror, "unsc_vetoes")
    by_state = {s: len(only(rows, country=s)) for s in ("RUS", "USA", "CHN", "TWN")}
    assert by_state == {"RUS": 121, "USA": 82, "CHN": 17, "TWN": 0}
    assert [r["period"] for r in only(rows, period="1966-11-04", country="RUS")]


def test_a_veto_of_china_before_1971_is_the_republic_of_chinas(
    mirror: Path, tmp_path: Path
) -> None:
    source = sources()["unsc_vetoes"]
    out = tmp_path / Path(source.files[0].path).name
    out.write_bytes(
        where(mirror, "unsc_vetoes")
        .read_bytes()
        .replace(b"Middle East,USSR,,,", b"Middle East,China,,,", 1)
    )
    ((_, rows),) = read(source, source.files[0], out)
    assert [r["period"] for r in only(rows, country="TWN")] == ["1946-02-16"]


def test_russia_and_china_vetoed_fourteen_drafts_together_to_september_2022(mirror: Path) -> None:
    rows = rows_of(mirror, "unsc_vetoes")
    both = {r["rollcall"] for r in only(rows, country="RUS")} & {
        r["rollcall"] for r in only(rows, country="CHN")
    }
    since_2007 = [
        r for r in only(rows, country="CHN") if r["rollcall"] in both and r["period"] >= "2007"
    ]
    assert len(since_2007) == 14


def test_regime_indices_as_published(mirror: Path) -> None:
    (judicial,) = [
        r
        for r in only(rows_of(mirror, "vdem_constraints_v12"), entity="CHN", period="2021")
        if r["variable"] == "judicial_constraints"
    ]
    assert judicial["value"] == 0.07 and judicial["low"] is None
    (polyarchy,) = [
        r
        for r in only(rows_of(mirror, "vdem_polyarchy_v15"), entity="RUS", period="2024")
        if r["variable"] == "polyarchy"
    ]
    assert (polyarchy["value"], polyarchy["low"], polyarchy["high"]) == (0.172, 0.157, 0.182)
    (newest,) = only(rows_of(mirror, "vdem_polyarchy_v16"), entity="RUS", period="2025")
    assert newest["value"] == 0.17
    (legislative,) = only(rows_of(mirror, "vdem_constraints_v15"), entity="CHN", period="2024")
    assert legislative["value"] == 0.077 and legislative["known_on"].isoformat() == "2025-03-31"


def test_regime_spells_cover_each_country_year_once(mirror: Path) -> None:
    years: list[tuple[str, int]] = []
    for r in rows_of(mirror, "gwf_regimes").to_pylist():
        years += [(r["locator"], y) for y in range(int(r["period"]), int(r["value"]) + 1)]
    assert len(years) == 7954
    russia = [
        (r["variable"], r["period"], r["value"])
        for r in only(rows_of(mirror, "gwf_regimes"), entity="RUS")
    ]
    assert russia == [
        ("regime:party", "1946", 1991.0),
        ("regime:democracy", "1992", 1993.0),
        ("regime:personal", "1994", 2010.0),
    ]


def test_a_dispute_counts_once_for_a_state_that_faced_many(mirror: Path) -> None:
    rows = rows_of(mirror, "gml_disputes").to_pylist()
    with gzip.open(where(mirror, "gml_disputes"), "rt") as handle:
        import csv

        started = {
            (r["dispnum"], r["ccode1"])
            for r in csv.DictReader(handle)
            if r["midonset"] == r["sidea1"] == r["orig1"] == "1.0"
        }
    assert sum(r["value"] for r in rows if r["variable"] == "disputes_initiated") == len(started)


def test_disputes_of_a_pair_are_those_that_began_with_the_two_on_opposite_sides(
    mirror: Path,
) -> None:
    rows = [r for r in rows_of(mirror, "cow_disputes").to_pylist() if r["entity"] == "CHN-RUS"]
    since = {(r["variable"], r["period"]): r["value"] for r in rows if r["period"] >= "1974"}
    assert since["disputes_between", "1974"] == 2  # two disputes of one year
    assert sorted(y for v, y in since if v == "disputes_between" and y > "1991") == [
        "1993",
        "1994",
        "2009",
        "2012",
    ]
    assert sorted(y for v, y in since if v == "deadly_disputes_between") == ["1979", "1980", "1986"]
    assert ("disputes_between", "1978") in since  # 3007, which China joined late, is none of it


def test_the_treaty_of_2001_obliges_to_nonaggression_and_consultation(mirror: Path) -> None:
    (treaty,) = only(rows_of(mirror, "atop"), event="ATOP 4980")
    assert treaty["participants"] == "RUS;CHN" and treaty["class"] == "nonaggression;consultation"
    assert treaty["starts"].isoformat() == "2001-07-16" and treaty["ends"] is None


def test_the_imf_is_in_dollars_and_estimates_are_marked_from_2022_on(mirror: Path) -> None:
    found = {r["period"]: r for r in only(rows_of(mirror, "imf_russia"), partner="CHN", flow="M")}
    assert found["2021"]["value"] == pytest.approx(72_685_740_904)
    assert (found["2021"]["kind"], found["2022"]["kind"]) == ("reported", "estimated")


def test_the_imfs_partners_add_up_to_the_world(mirror: Path) -> None:
    rows = rows_of(mirror, "imf_russia").to_pylist()
    for year in ("2018", "2021", "2023"):
        imports = [r for r in rows if r["period"] == year and r["flow"] == "M"]
        world = next(r["value"] for r in imports if r["partner"] == "WLD")
        parts = sum(r["value"] for r in imports if not r["is_aggregate"])
        assert parts == pytest.approx(world, rel=0.005)


@pytest.mark.parametrize(
    ("text", "month"),
    [("2023", "2023"), ("2022-12", "2022-12"), ("2025H1", "2025-06"), ("2023 Jan-Nov", "2023-11")],
)
def test_periods_in_words_end_in_a_month(text: str, month: str) -> None:
    assert last_month(text) == month
    assert last_month(text + " or so") is None


def test_a_figure_is_known_when_its_page_is_dated(mirror: Path) -> None:
    rows = rows_of(mirror, "trade_finance").to_pylist()
    total = next(
        r for r in rows if r["item"] == "china_russia_trade_total" and r["period"] == "2022"
    )
    assert (total["value"], total["known_on"].isoformat(), total["known_basis"]) == (
        190.27,
        "2023-01-13",
        "published",
    )
    assert all(r["known_on"].isoformat() > r["period"] for r in rows if len(r["period"]) == 7)


def test_outlines_close_and_lie_on_the_globe(mirror: Path) -> None:
    rows = rows_of(mirror, "natural_earth").to_pylist()
    assert {r["name"] for r in rows if r["country"] is None} == {"N. Cyprus", "Somaliland"}
    for r in rows:
        shape = json.loads(r["geometry"])
        polygons = (
            shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        )
        for ring in (ring for polygon in polygons for ring in polygon):
            assert ring[0] == ring[-1]
            assert all(-180.001 <= x <= 180.001 and -90.001 <= y <= 90.001 for x, y in ring)


@pytest.mark.parametrize(
    ("country", "inside"), [("CHN", (104.0, 35.0)), ("RUS", (60.0, 60.0)), ("BRA", (-52.0, -10.0))]
)
def test_a_country_holds_its_own_middle(
    mirror: Path, country: str, inside: tuple[float, float]
) -> None:
    """Ray casting over the decoded rings: an arc that runs the wrong way would break it."""
    (row,) = only(rows_of(mirror, "natural_earth"), country=country)
    shape = json.loads(row["geometry"])
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    x, y = inside
    crossings = 0
    for ring in (ring for polygon in polygons for ring in polygon):
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                crossings += 1
    assert crossings % 2 == 1


def test_states_have_one_code_in_every_numbering() -> None:
    assert [state(n) for n in (365, 710, 2, 255, 260)] == ["RUS", "CHN", "USA", "DEU", "DEU"]
    assert state(300) == "COW 300"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("un_roll_calls", b"1946-01-01,1946,R/1/66,no", b"1946-01-01,1946,R/1/66,nay", "'nay'"),
        ("un_roll_calls", b"3.0,1.0,1946-01-01,1946", b"3.0,1.0,1946-13-01,1946", "1946-13-01"),
        ("un_roll_calls", b"3.0,1.0,1946-01-01,1946", b"3.0,1.0,1946-01-01,1947", "'1947'"),
        ("un_ideal_points", b"\n2,2,2,38", b"\n2,2,x,38", "'x'"),
        ("un_ideal_points", b"1.675486,0.9274793,1.348943", b"1.675486,0.9274793,", "is empty"),
        ("un_agreement", b",1,0.2142857,0.6428571", b",1,1.2142857,0.6428571", "1.2142857"),
        ("un_ukraine", b'"Albania", "Andorra", "Australia"', b'"Atlantis", "Andorra"', "Atlantis"),
        ("un_ukraine", b'"Albania", "Andorra", "Australia"', b'"Andorra", "Australia"', "192"),
        ("un_ukraine", b'code: "ES-11/1"', b'code: "ES-11/9"', "no date in the catalog"),
        ("unsc_vetoes", b"1946,2/16/1946", b"1946,2/30/1946", "2/30/1946"),
        ("unsc_vetoes", b"Middle East,USSR,,,", b"Middle East,Atlantis,,,", "Atlantis"),
        ("vdem_constraints_v12", b"Mexico,1789", b"Mexico,17x9", "17x9"),
        ("gwf_regimes", b"USA 1871-NA,USA,,", b"USA 1871-NA,USA,tyranny,", "tyranny"),
        ("gml_disputes", b"2.0,2.0,200.0,1902.0,1.0,1.0", b"2.0,2.0,200.0,1902.0,1.0,7.0", "'7.0'"),
        ("dcad", b"2,USA,20,CAN,1,4,1984", b"2,USA,20,CAN,31,4,1984", "not a day of its month"),
        ("atop", b"1005,,,1815,1,3", b"1005,,,,1,3", "begyr"),
        ("imf_russia", b'"Annual","6","Millions"', b'"Annual","9","Billions"', "is not 6"),
        ("imf_russia", b'"0.001435"', b'"-0.001435"', "breaks the rule"),
        (
            "trade_finance",
            b"china_russia_trade_total,2011,80",
            b"china_russia_trade_total,then,80",
            "'then'",
        ),
        ("natural_earth", b'"id":"242"', b'"id":"942"', "'942'"),
        ("natural_earth", b'"arcs":[[[0]],[[1]]]', b'"arcs":[[[0]],[[99999]]]', "cannot be drawn"),
        ("un_ukraine_later", b"2025-02-24,CHN,abstain", b"2025-02-24,RUS,abstain", "says it twice"),
        ("un_ukraine_later", b"2025-02-24,CHN,abstain", b"2025-02-24,CHN,perhaps", "'perhaps'"),
        ("morgenbesser_personalism", b"1952,1966,2.40", b"1952,1766,2.40", "1766"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place_and_value(
    mirror: Path, tmp_path: Path, name: str, old: bytes, new: bytes, said: str
) -> None:
    source = sources()[name]
    raw = where(mirror, name).read_bytes()
    packed = raw.startswith(b"\x1f\x8b")
    text = gzip.decompress(raw) if packed else raw
    assert old in text, "the test's cell is not in the file"
    text = text.replace(old, new, 1)
    out = tmp_path / Path(source.files[0].path).name
    out.write_bytes(gzip.compress(text, 1) if packed else text)
    with pytest.raises(DataError) as caught:
        read(source, source.files[0], out)
    line = str(caught.value)
    assert said in line and out.name in line and "nothing was taken in" in line, line


def test_an_r_file_of_another_object_is_refused(mirror: Path, tmp_path: Path) -> None:
    source = sources()["un_votes"]
    out = tmp_path / "un_votes.rda"
    out.write_bytes((mirror / "un" / "un_roll_calls.rda").read_bytes())
    with pytest.raises(DataError, match="un_roll_calls, not un_votes"):
        read(source, source.files[0], out)
