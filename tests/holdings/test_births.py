# SPDX-License-Identifier: Apache-2.0
"""What is held knows how far it speaks and which reader made it; a pull compares with the edition held."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bilat.catalog import File, Source, source, tables
from bilat.errors import DataError
from bilat.files.digest import sha256_of
from bilat.holdings import Holdings, Store, births
from bilat.holdings.acceptance import Pulled
from bilat.holdings.edition import prepare
from bilat.holdings.pull import in_mirror, pull
from bilat.holdings.rebuild import rebuild
from bilat.holdings.store import _hash
from bilat.when import AsOf

HEADER = (
    "supplier,recipient,year,value,supplier_cown,recipient_cown,"
    "supplier_lon,supplier_lat,recipient_lon,recipient_lat"
)
NAME = "pairs.csv"
#: Years and values of the edition that the tests hold first.
HELD = [(year, 10.0 + year % 17 * 3.7) for year in range(1960, 2020)]


def text(rows: list[tuple[int, float]]) -> str:
    return "\n".join([HEADER, *(f"Russia,China,{y},{v},365,710,0,0,0,0" for y, v in rows)]) + "\n"


def made(folder: Path, rows: list[tuple[int, float]] = HELD, vintage: str = "2020-03-15") -> Source:
    """The source of pair sums with one file of our own making, known to the catalog by its bytes."""
    folder.mkdir(exist_ok=True)
    path = folder / NAME
    path.write_text(text(rows), "utf-8")
    file = File(
        path=NAME,
        sha256=sha256_of(path),
        vintage=dt.date.fromisoformat(vintage),
        vintage_basis="made for this test",
        series="births",
    )
    return source("sipri_tiv_pairs").model_copy(update={"files": [file]})


def then(tmp_path: Path, change: Callable[[str], str], accept: str = "") -> tuple[Pulled, Store]:
    """What a pull makes of the held edition's text after ``change``."""
    src = made(tmp_path / "mirror")
    store = Store(tmp_path / "h")
    assert [d.status for d in pull([src], store, mirror=tmp_path / "mirror")] == ["added"]
    (tmp_path / "mirror" / NAME).write_bytes(change(text(HELD)).encode())
    (done,) = pull([src], store, mirror=tmp_path / "mirror", accept=accept)
    return done, store


def values(store: Store, day: str = "2026-11-01") -> dict[str, float]:
    held = Holdings(store.root)
    view = held.sql("transfers", AsOf(day))
    sql = f"SELECT period, tiv FROM ({view}) WHERE snapshot IN (SELECT unnest(?))"
    found = (
        held.connect(AsOf(day))
        .connection.execute(sql, [[e["sha256"] for e in store.entries()]])
        .fetchall()
    )
    assert len(found) == len(dict(found)), "two editions speak for one year"
    return dict(found)


@pytest.mark.parametrize(
    "save",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: "\ufeff" + t,
        lambda t: "\ufeff" + t.replace("\n", "\r\n"),
        lambda t: t.replace(",0,0,0,0", ",0.0,0.0,0.0,0.0"),
        lambda t: "\n".join([HEADER, *reversed(t.splitlines()[1:])]) + "\n",
    ],
)
def test_a_file_saved_again_is_the_same_edition(tmp_path: Path, save: Callable[[str], str]) -> None:
    done, store = then(tmp_path, save)
    assert done.status == "unchanged" and "saved otherwise" in done.why
    assert len(store.entries()) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda y, v: (y, v * 1000), "1000 times"),
        (lambda y, v: (y, v / 1000), "0.001 times"),
        (lambda y, v: (y, 0.0), "are zero or blank"),
        (lambda y, v: (y - 40, v), "of the earlier rows are gone"),
        (lambda y, v: (y, dict(HELD)[min(y + 1, 2019)]), "differ by more than a tenth"),
    ],
)
def test_what_a_person_would_not_believe_is_put_aside_and_says_why(
    tmp_path: Path, change: Callable[[int, float], tuple[int, float]], reason: str
) -> None:
    lie = text([change(y, v) for y, v in HELD])
    done, store = then(tmp_path, lambda _: lie)
    assert (
        done.status == "quarantined"
        and reason in done.why
        and "`accept`" in done.why
        and done.changes
    )
    assert values(store) == {str(y): v for y, v in HELD}
    (aside,) = (store.root / "quarantine").iterdir()
    assert aside.read_text("utf-8") == lie
    assert store.check() == [] and aside.exists()
    (done,) = pull(
        [made(tmp_path / "other")],
        store,
        mirror=tmp_path / "mirror",
        accept="the publisher says so",
    )
    assert done.status == "added" and done.changes
    assert [e.get("accepted") for e in store.entries()].count("the publisher says so") == 1


def test_a_row_of_times_to_come_is_refused(tmp_path: Path) -> None:
    done, store = then(tmp_path, lambda t: t + "Russia,China,2035,4,365,710,0,0,0,0\n")
    assert done.status == "refused" and "2035" in done.why and "day of the pull" in done.why
    assert len(store.entries()) == 1


def test_a_longer_edition_is_taken_in_and_says_what_changed(tmp_path: Path) -> None:
    done, store = then(tmp_path, lambda t: t + "Russia,China,2024,77,365,710,0,0,0,0\n")
    assert done.status == "added" and "1 new, 0 gone" in done.changes[0] and len(done.changes) == 2
    assert values(store)["2024"] == 77 and values(store)["1960"] == HELD[0][1]


def test_an_older_download_hides_nothing_of_the_younger_one(tmp_path: Path) -> None:
    done, store = then(tmp_path, lambda t: "\n".join(t.splitlines()[:-3]) + "\n")
    assert done.status == "added" and "stays in use" in done.changes[-1]
    assert values(store) == {str(y): v for y, v in HELD}


def test_the_february_file_saved_by_a_spreadsheet_hides_no_month_of_june(tmp_path: Path) -> None:
    """As it was found: strikes to June, then the file to February with other line ends."""
    strikes = source("missile_attacks")
    held = Holdings()
    rows = held.connect(AsOf("2026-11-01")).table(
        "SELECT max(period) AS p FROM strikes WHERE source = 'missile_attacks'"
    )
    assert rows["p"].to_pylist() == ["2026-06-06"]
    by_content = sorted(
        (p for p in held.parts if p.source == strikes.name), key=lambda p: p.content
    )
    assert [str(p.content) for p in by_content] == ["2026-02-07", "2026-06-06"]


@given(day=st.dates(dt.date(2014, 1, 1), dt.date(2026, 11, 26)), later=st.integers(0, 60))
@example(day=dt.date(2024, 12, 24), later=7)  # an edition comes, of which no row was marked
@settings(max_examples=40, deadline=None)
def test_one_digest_of_what_is_visible_means_the_same_rows(day: dt.date, later: int) -> None:
    names = ["events", "strikes", "losses", "estimates"]
    a, b = AsOf(day), AsOf(min(day + dt.timedelta(days=later), dt.date(2026, 11, 27)))
    for name in names:
        seen = [
            HOLDINGS.connect(d).table(
                f'SELECT snapshot, part_row, revised_later FROM "{name}" ORDER BY ALL'
            )
            for d in (a, b)
        ]
        if HOLDINGS.visible([name], a) == HOLDINGS.visible([name], b):
            assert seen[0].equals(seen[1])
        bare = [HOLDINGS.visible([name], d, marks=False) for d in (a, b)]
        if bare[0] == bare[1]:
            unmarked = [rows.drop(["revised_later"]) for rows in seen]
            assert unmarked[0].equals(unmarked[1])
        elif name != "strikes":  # whose second edition can show a day that the first one speaks for
            assert not seen[0].equals(seen[1])


HOLDINGS = Holdings()


def test_what_is_visible_needs_no_row_to_be_read_and_covers_every_table() -> None:
    one = HOLDINGS.visible(tables(), AsOf("2023-03-20"))
    assert one == Holdings().visible(reversed(list(tables())), AsOf("2023-03-20"))
    assert one != HOLDINGS.visible(tables(), AsOf("2026-11-24"))
    assert all(p.days for p in HOLDINGS.parts if p.rows)


def test_a_row_is_known_by_its_part_and_number() -> None:
    for name in tables():
        found = HOLDINGS.connect(AsOf()).table(
            f'SELECT count(*) AS n, count(DISTINCT (source, snapshot, part_row)) AS d FROM "{name}"'
        )
        assert found["n"] == found["d"], name


def test_a_list_speaks_to_the_day_on_which_it_closes_and_no_further() -> None:
    ages = {a.source: a for a in HOLDINGS.ages(["parties"], AsOf("2026-11-27"))}
    assert ages["bis_dpl"].to == dt.date(2019, 6, 5) and ages["bis_dpl"].days > 2_700
    assert all(a.to <= dt.date(2023, 3, 20) for a in HOLDINGS.ages(tables(), AsOf("2023-03-20")))


def test_a_date_that_a_file_bears_dates_its_edition(tmp_path: Path) -> None:
    src = made(tmp_path / "mirror").model_copy(
        update={"stated": r"(?P<d>\d+) (?P<m>\w+) (?P<y>\d{4})"}
    )
    other = tmp_path / "later.csv"
    other.write_text(text(HELD).replace("China", "9 November 2021", 1), "utf-8")
    assert src.date_in(src.files[0], other) == dt.date(2021, 11, 9)


def rewritten(store: Store, change: Callable[[dict], None], version: int = 3) -> None:
    """The manifest as another version would have left it."""
    entries = store.entries()
    for e in entries:
        change(e)
    state = {"version": version, "sha256": _hash(entries), "snapshots": entries}
    (store.root / "manifest.json").write_text(json.dumps(state), "utf-8")


def compiled(folder: Path, *names: str) -> Store:
    """A folder that holds what comes with the package of these sources."""
    store = Store(folder)
    for src in map(source, names or ("exercises",)):
        file = next(f for f in src.files if f.path.startswith("compiled/"))
        raw = in_mirror(None, file)
        assert raw is not None
        store.add(src, file, raw)
    return store


def before(entry: dict) -> None:
    """An entry as version 2 had it."""
    del entry["reader"], entry["closed_on"]
    for t in entry["tables"].values():
        del t["content"], t["known"], t["profile"]


def test_a_folder_of_the_version_before_opens_says_what_it_lacks_and_is_rebuilt(
    tmp_path: Path,
) -> None:
    """Two editions: the first that is made again leaves the other as it was, and the folder readable."""
    store = compiled(tmp_path / "h", "exercises", "armour_points")
    whole = store.entries()
    rewritten(store, before, version=2)
    notes: list[str] = []
    held = Holdings(store.root, note=notes.append)
    assert held.visible(["events"], AsOf("2023-03-20")) and held.ages(["events"], AsOf())
    assert [n for n in notes if "sources rebuild" in n and "2 editions" in n]
    assert [d.status for d in rebuild(store, ["exercises"])] == ["rebuilt"]
    assert Holdings(store.root).ages(["events"], AsOf()) and len(store.lacking()) == 1
    assert [d.status for d in rebuild(store)] == ["rebuilt"]
    assert store.entries() == whole and list(rebuild(store)) == []


def test_a_pull_into_a_folder_of_the_version_before_leaves_it_readable(tmp_path: Path) -> None:
    store = compiled(tmp_path / "h", "exercises")
    rewritten(store, before, version=2)
    assert [d.status for d in pull([source("armour_points")], store)] == ["added"]
    assert len(store.entries()) == 2 and store.check() == [] and len(store.lacking()) == 1


def test_rows_of_another_reader_are_made_again_and_those_without_bytes_say_so(
    tmp_path: Path,
) -> None:
    store = compiled(tmp_path / "h")
    rewritten(store, lambda e: e.update(reader="of another version"))
    assert [d.status for d in rebuild(store, ["exercises"])] == ["rebuilt"]
    rewritten(store, lambda e: e.update(reader="of another version"))
    store.frozen(store.entries()[0]["sha256"]).unlink()
    (done,) = rebuild(store)
    assert (
        done.status == "refused"
        and "not kept with it" in done.why
        and "sources pull exercises" in done.why
    )
    assert list(rebuild(store, ["ofac_sdn"])) == []


def test_a_prepared_edition_of_a_later_day_is_refused(tmp_path: Path) -> None:
    src = made(tmp_path / "mirror").model_copy(
        update={"stated": r"China,(?P<y>\d{4})(?P<m>)(?P<d>)"}
    )
    path = tmp_path / "mirror" / NAME
    path.write_text(text(HELD[:-1]), "utf-8")
    with pytest.raises(DataError, match="day of the pull"):
        prepare(src, src.files[0], path, sha256_of(path), pulled_on=dt.date(1990, 1, 1))


def test_shares_of_what_changed_are_those_of_the_rows_that_both_have(tmp_path: Path) -> None:
    src = made(tmp_path / "mirror")
    path = tmp_path / "mirror" / NAME
    old = prepare(src, src.files[0], path, sha256_of(path)).tables["transfers"]
    path.write_text(
        text([(y, v * (2 if y < 1966 else 1)) for y, v in HELD[1:]] + [(2020, 1.0)]), "utf-8"
    )
    new = prepare(src, src.files[0], path, sha256_of(path)).tables["transfers"]
    found = births.compared(src, "transfers", old, new)
    assert (found.gone, found.come, found.rows) == (1, 1, (60, 60))
    tiv = found.values["tiv"]
    assert (
        tiv.changed == tiv.moved == pytest.approx(5 / 59)
        and tiv.zeros == tiv.wild == 0
        and tiv.ratio == 2
    )
    assert 1 < tiv.total < 2


def an_edition(entries: list[tuple[str, str, str]]) -> dict[str, pa.Table]:
    """The two tables of a list whose entries are (party, programme, states)."""
    parties = dict((party, states) for party, _, states in entries)
    return {
        "listings": pa.table(
            {
                "party": [party for party, _, _ in entries],
                "list": ["SDN"] * len(entries),
                "programme": [programme for _, programme, _ in entries],
            }
        ),
        "parties": pa.table({"party": list(parties), "countries": list(parties.values())}),
    }


def gained_and_lost(held: list[tuple[str, str, str]], new: list[tuple[str, str, str]]) -> list[str]:
    before, after = an_edition(held), an_edition(new)
    return list(births.news({name: (before[name], after[name]) for name in before}))


def test_a_party_that_comes_under_a_further_programme_or_state_is_counted_there() -> None:
    held = [("a", "IRAN", "IR"), ("b", "IRAN", "IR")]
    new = [("a", "IRAN", "RU"), ("a", "RUSSIA", "RU"), ("c", "RUSSIA", "RU"), ("b", "IRAN", "RU")]
    assert gained_and_lost(held, new) == [
        "  by programme: SDN RUSSIA +2",
        "  by state: Russia +3, Iran -2",
    ]


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("PQR"), st.just("RU")), min_size=1),
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("PQR"), st.just("RU")), min_size=1),
)
@settings(max_examples=60, deadline=None)
def test_each_programme_gains_and_loses_the_difference_of_its_parties(
    held: list[tuple[str, str, str]], new: list[tuple[str, str, str]]
) -> None:
    expected = {}
    for programme in "PQR":
        before = {party for party, its, _ in held if its == programme}
        after = {party for party, its, _ in new if its == programme}
        counts = [f"+{len(after - before)}"] if after - before else []
        counts += [f"-{len(before - after)}"] if before - after else []
        if counts:
            expected[f"SDN {programme}"] = " ".join(counts)
    lines = [line for line in gained_and_lost(held, new) if "by programme" in line]
    entries = lines[0].removeprefix("  by programme: ").split(", ") if lines else []
    assert {
        f"{words[0]} {words[1]}": " ".join(words[2:]) for words in map(str.split, entries)
    } == expected
