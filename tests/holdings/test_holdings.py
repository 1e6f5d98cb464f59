# SPDX-License-Identifier: Apache-2.0
"""What is held survives crashes, rivals and bad files, and an as-of date hides what came later."""

import datetime as dt
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from bilat.catalog import File, Source, source
from bilat.errors import Damaged, DataError
from bilat.files.digest import sha256_of
from bilat.holdings import Holdings, Store
from bilat.holdings.pull import pull
from bilat.when import AsOf

HEADER = (
    "supplier,recipient,year,value,supplier_cown,recipient_cown,"
    "supplier_lon,supplier_lat,recipient_lon,recipient_lat\n"
)


def rows_of(n: int, value: float = 10.0) -> str:
    """Rows of 72 years, to China and then to others: no pair has two sums of one year."""
    to = [f"Buyer {i // 72}" if i >= 72 else "China" for i in range(n)]
    return "".join(f"Russia,{to[i]},{1950 + i % 72},{value},365,710,0,0,0,0\n" for i in range(n))


def edition(path: Path, vintage: str, **more: object) -> tuple[Source, File]:
    """The pair-sum source with one file of our own making, dated as we say."""
    base = source("sipri_tiv_pairs")
    file = File(
        path=path.name,
        sha256=sha256_of(path),
        vintage=dt.date.fromisoformat(vintage),
        vintage_basis="made for this test",
        **more,  # type: ignore[arg-type]
    )
    return base.model_copy(update={"files": [file]}), file


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_the_same_bytes_twice_change_nothing(tmp_path: Path) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(5))
    src, file = edition(raw, "2023-03-10")
    store = Store(tmp_path / "h")
    assert store.add(src, file, raw).new
    before = {p: p.read_bytes() for p in (tmp_path / "h").rglob("*") if p.is_file()}
    assert not store.add(src, file, raw).new
    assert before == {p: p.read_bytes() for p in (tmp_path / "h").rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("text", "place", "cure"),
    [
        ("a,b\n1,2\n", "line 1", "header"),
        (HEADER + rows_of(3)[:-14], "row 4", "get the file again"),
        (
            HEADER + rows_of(2) + "Russia,China,2001,much,365,710,0,0,0,0\n",
            "column value",
            "is not a number",
        ),
        (
            HEADER + rows_of(2) + "Russia,China,2001,-4,365,710,0,0,0,0\n",
            "column tiv",
            "breaks the rule",
        ),
        (HEADER + rows_of(2) + "Russia,China,20x1,4,365,710,0,0,0,0\n", "row 4", "is not a year"),
        (HEADER, "0 rows", "truncated"),
        ("", "is empty", "get the file again"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_cure_and_nothing_is_taken_in(
    tmp_path: Path, text: str, place: str, cure: str
) -> None:
    raw = write(tmp_path / "a.csv", text)
    src, file = edition(raw, "2023-03-10")
    store = Store(tmp_path / "h")
    with pytest.raises(DataError) as caught:
        store.add(src, file, raw)
    assert place in str(caught.value) and cure in str(caught.value) and "a.csv" in str(caught.value)
    assert store.entries() == []


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    raw = tmp_path / "a.csv"
    raw.write_bytes(HEADER.encode() + b"Russia,\xff\xfe,2001,4,365,710,0,0,0,0\n")
    src, file = edition(raw, "2023-03-10")
    with pytest.raises(DataError, match=r"row 2: value .* is not UTF-8 text"):
        Store(tmp_path / "h").add(src, file, raw)


def test_a_new_edition_adds_to_the_old_and_each_date_has_its_own(tmp_path: Path) -> None:
    old = write(tmp_path / "old.csv", HEADER + "Russia,China,2010,100,365,710,0,0,0,0\n")
    new = write(tmp_path / "new.csv", HEADER + "Russia,China,2010,130,365,710,0,0,0,0\n")
    store = Store(tmp_path / "h")
    for path, vintage in ((old, "2015-03-15"), (new, "2024-03-15")):
        store.add(*edition(path, vintage, series="test-editions"), path)
    held = Holdings(tmp_path / "h")

    def known(day: str) -> list[tuple[float, bool]]:
        view = held.sql("transfers", AsOf(day))
        found = held.connect(AsOf(day)).connection.execute(
            f"SELECT tiv, revised_later FROM ({view}) WHERE supplier = 'RUS' AND period = '2010' "
            "AND source = 'sipri_tiv_pairs' AND snapshot IN (?, ?)",
            [sha256_of(old), sha256_of(new)],
        )
        return found.fetchall()

    assert known("2015-03-15") == [(100.0, False)]
    assert known("2024-03-14") == [(100.0, False)]
    assert known("2024-03-15") == [(130.0, False)]


def test_before_the_first_edition_a_later_one_stands_in_marked_and_only_for_what_its_lag_dates(
    tmp_path: Path,
) -> None:
    raw = write(
        tmp_path / "a.csv",
        HEADER + "".join(f"Russia,China,{y},{y},365,710,0,0,0,0\n" for y in (2010, 2020, 2022)),
    )
    src, file = edition(raw, "2024-03-15", series="test-lag")
    src = src.model_copy(update={"lag_days": 75, "lag_why": "SIPRI adds a year each March"})
    Store(tmp_path / "h").add(src, file, raw)
    held = Holdings(tmp_path / "h")
    found = (
        held.connect(AsOf("2021-06-01"))
        .connection.execute(
            "SELECT period, revised_later FROM transfers WHERE snapshot = ? ORDER BY period",
            [sha256_of(raw)],
        )
        .fetchall()
    )
    assert found == [("2010", True), ("2020", True)]


def test_a_damaged_part_takes_down_its_table_and_no_other(tmp_path: Path) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(50))
    Store(tmp_path / "h").add(*edition(raw, "2023-03-10"), raw)
    table = next((tmp_path / "h" / "tables").rglob("*.parquet"))
    table.write_bytes(table.read_bytes()[:-20])
    notes: list[str] = []
    held = Holdings(tmp_path / "h", note=notes.append)
    engine = held.connect(AsOf())
    with pytest.raises(Damaged, match=r"is damaged; run: bilat sources pull sipri_tiv_pairs"):
        held.need(["votes", "transfers"])
    with pytest.raises(duckdb.Error, match="is damaged"):  # nothing reads it as if it were empty
        engine.connection.execute("SELECT count(*) FROM transfers").fetchall()
    held.need(["votes"])
    assert engine.connection.execute("SELECT count(*) > 0 FROM votes").fetchall() == [(True,)]
    assert len(notes) == 1 and "transfers" in notes[0]


def test_a_claim_on_a_damaged_table_is_not_measurable_and_the_others_are_judged(
    tmp_path: Path,
) -> None:
    from bilat.verdicts import judge

    raw = write(tmp_path / "a.csv", HEADER + rows_of(50))
    Store(tmp_path / "h").add(*edition(raw, "2023-03-10"), raw)
    next((tmp_path / "h" / "tables").rglob("*.parquet")).unlink()
    judged = judge(holdings=Holdings(tmp_path / "h"))
    damaged = "is missing; run: bilat sources pull sipri_tiv_pairs"
    lost = [leg for j in judged for leg in j.legs if damaged in leg.sentence]
    assert lost and all(leg.verdict == "neither" and leg.value is None for leg in lost)
    assert any(j.verdict == "yes" for j in judged)


@pytest.mark.parametrize(
    "harm", ["damaged part", "missing part", "damaged part and bytes", "damaged bytes"]
)
def test_a_pull_restores_what_is_damaged(tmp_path: Path, harm: str) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(50))
    src, _ = edition(raw, "2023-03-10")
    store = Store(tmp_path / "h")
    list(pull([src], store, mirror=tmp_path))
    before = {p: p.read_bytes() for p in (tmp_path / "h").rglob("*") if p.is_file()}
    part, kept = next((tmp_path / "h" / "tables").rglob("*.parquet")), store.frozen(sha256_of(raw))
    if "missing" in harm:
        part.unlink()
    elif "part" in harm:
        part.write_bytes(b"x")
    if "bytes" in harm:
        kept.write_bytes(b"y")
    assert store.check()
    done = list(pull([src], store, mirror=tmp_path))
    assert "restored" in [d.status for d in done]
    assert store.check() == []
    assert before == {p: p.read_bytes() for p in (tmp_path / "h").rglob("*") if p.is_file()}


def test_an_edition_that_is_damaged_and_to_be_had_nowhere_is_no_longer_held(tmp_path: Path) -> None:
    old = write(tmp_path / "a.csv", HEADER + rows_of(5))
    src, _ = edition(old, "2023-03-10", series="lost")
    store = Store(tmp_path / "h")
    list(pull([src], store, mirror=tmp_path))
    next((tmp_path / "h" / "tables").rglob("*.parquet")).write_bytes(b"x")
    store.frozen(sha256_of(old)).unlink()
    write(tmp_path / "a.csv", HEADER + rows_of(6))  # the publisher has a newer edition only
    done = list(pull([src], store, mirror=tmp_path))
    assert [d.status for d in done] == ["added", "dropped"] and "2023-03-10" in done[1].why
    assert store.check() == [] and len(store.entries()) == 1


@pytest.mark.parametrize(
    "change",
    [
        '"path": "a.csv"|"path": "b.csv"',
        '"vintage_basis": "m|"vintage_basis": "M',
        '"rows": 5|"rows": 6',
        '"version": 3|"version": 1',
    ],
)
def test_any_change_of_a_manifest_is_noticed(tmp_path: Path, change: str) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(5))
    Store(tmp_path / "h").add(*edition(raw, "2023-03-10"), raw)
    manifest = tmp_path / "h" / "manifest.json"
    before, after = change.split("|")
    assert before in manifest.read_text()
    manifest.write_text(manifest.read_text().replace(before, after, 1))
    if '"version"' in change:
        assert len(Store(tmp_path / "h").entries()) == 1  # what it says is all the same
    else:
        with pytest.raises(DataError, match=r"manifest.json: is damaged .*[.;] [Rr]estore it"):
            Store(tmp_path / "h").entries()


@pytest.mark.parametrize(
    "bad",
    ["[1]", '{"version": 1, "snapshots": [1]}', '{"version": 1, "snapshots": [{}]}', "[" * 100_000],
)
def test_a_manifest_that_is_something_else_is_told_in_one_line(tmp_path: Path, bad: str) -> None:
    (tmp_path / "manifest.json").write_text(bad)
    with pytest.raises(DataError, match="is damaged"):
        Store(tmp_path).entries()


def test_a_manifest_of_the_version_before_is_read_and_gets_its_hash(tmp_path: Path) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(5))
    store = Store(tmp_path / "h")
    store.add(*edition(raw, "2023-03-10"), raw)
    manifest = tmp_path / "h" / "manifest.json"
    state = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({"version": 1, "snapshots": state["snapshots"]}))
    assert store.entries() == state["snapshots"]
    more = write(tmp_path / "b.csv", HEADER + rows_of(6))
    store.add(*edition(more, "2023-03-11"), more)
    assert json.loads(manifest.read_text())["version"] == 3


def test_a_check_beside_pulls_takes_nothing_away(tmp_path: Path) -> None:
    files = [str(write(tmp_path / f"f{i}.csv", HEADER + rows_of(400, value=i))) for i in range(12)]
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=_pull_in_another_process, args=(str(tmp_path / "h"), files))
    worker.start()
    checks = 0
    while worker.is_alive():
        assert Store(tmp_path / "h").check() == []
        checks += 1
    worker.join()
    assert worker.exitcode == 0 and checks > 10
    assert Store(tmp_path / "h").check() == [] and len(Store(tmp_path / "h").entries()) == 12


def test_a_damaged_manifest_and_a_missing_folder_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "manifest.json").write_text("{not json")
    with pytest.raises(DataError, match=r"manifest.json: is damaged"):
        Holdings(tmp_path / "h").connect(AsOf())
    with pytest.raises(DataError, match="there is no such data folder"):
        Holdings(tmp_path / "nowhere")


def _pull_in_another_process(root: str, paths: list[str]) -> None:
    store = Store(Path(root))
    for p in paths:
        store.add(*edition(Path(p), "2023-03-10"), Path(p))


def test_two_processes_pulling_at_once_lose_nothing(tmp_path: Path) -> None:
    files = [str(write(tmp_path / f"f{i}.csv", HEADER + rows_of(200, value=i))) for i in range(8)]
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(
            target=_pull_in_another_process, args=(str(tmp_path / "h"), files[i:] + files[:i])
        )
        for i in (0, 3)
    ]
    for w in workers:
        w.start()
    for w in workers:
        w.join(120)
        assert w.exitcode == 0
    store = Store(tmp_path / "h")
    assert len(store.entries()) == 8
    assert store.check() == []
    assert len(store.parts()) == 8


def test_a_process_killed_at_any_point_leaves_the_last_good_state(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", HEADER + rows_of(100))
    store = Store(tmp_path / "h")
    store.add(*edition(good, "2023-03-10"), good)
    files = [write(tmp_path / f"n{i}.csv", HEADER + rows_of(3000, value=i)) for i in range(30)]
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\nfrom test_holdings import edition\nfrom bilat.holdings import Store\n"
        "s = Store(Path(sys.argv[2])); print('ready', flush=True)\n"
        "for p in map(Path, sys.argv[3:]):\n    s.add(*edition(p, '2023-03-10'), p)\n"
    )
    for pause in (0.0, 0.01, 0.03, 0.06, 0.11, 0.19):
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                script,
                str(Path(__file__).parent),
                str(tmp_path / "h"),
                *map(str, files),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        fresh = Store(tmp_path / "h")
        names = {e["path"] for e in fresh.entries()}
        assert "good.csv" in names
        assert not [
            p for p in fresh.parts() if p.damage
        ]  # every file that the manifest names is whole
        assert fresh.check() == []
    held = {
        p.relative_to(tmp_path / "h").as_posix()
        for p in (tmp_path / "h" / "tables").rglob("*")
        if p.is_file()
    }
    named = {t["file"] for e in Store(tmp_path / "h").entries() for t in e["tables"].values()}
    assert held == named, "check() sweeps what a crash left"
    for p in files:
        store.add(*edition(p, "2023-03-10"), p)
    assert len(store.entries()) == 31


@pytest.mark.parametrize("root", ["/proc/bilat-holdings", "a-file/holdings"])
def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, root: str) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(5))
    (tmp_path / "a-file").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot be (written .* `holdings`|read)"):
        Store(tmp_path / root).add(*edition(raw, "2023-03-10"), raw)


def test_a_mirror_without_the_file_is_told_and_others_still_come(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    good = write(mirror / "a.csv", HEADER + rows_of(5))
    src, file = edition(good, "2023-03-10")
    src = src.model_copy(update={"files": [file.model_copy(update={"path": "absent.csv"}), file]})
    done = list(pull([src], Store(tmp_path / "h"), mirror=mirror))
    assert [d.status for d in done] == ["refused", "added"]
    assert "absent.csv" in done[0].why


def test_whatever_a_file_makes_a_reader_raise_the_others_still_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(opened: object) -> None:
        raise ZeroDivisionError("a defect")

    good = write(tmp_path / "a.csv", HEADER + rows_of(5))
    src, _ = edition(good, "2023-03-10")
    bad = source("natural_earth")
    bad = bad.model_copy(update={"files": [bad.files[0].model_copy(update={"path": "a.csv"})]})
    monkeypatch.setattr("bilat.catalog.readers.natural_earth.read", fails)
    done = list(pull([bad, src], Store(tmp_path / "h"), mirror=tmp_path))
    assert [d.status for d in done] == ["refused", "added"] and "ZeroDivisionError" in done[0].why


def test_bytes_the_catalog_does_not_know_are_a_new_edition_dated_by_the_pull(
    tmp_path: Path,
) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(5))
    src, file = edition(raw, "2023-03-10")
    store = Store(tmp_path / "h")
    store.add(src, file, raw)
    changed = write(tmp_path / "b.csv", HEADER + rows_of(6))
    store.add(src, file, changed, pulled_on=dt.date(2024, 5, 6))
    assert sorted(e["vintage"] for e in store.entries()) == ["2023-03-10", "2024-05-06"]


def test_a_manifest_of_a_newer_bilat_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"version": 9, "snapshots": []}))
    with pytest.raises(DataError, match="upgrade bilat"):
        Store(tmp_path).entries()


def test_holdings_can_be_moved(tmp_path: Path) -> None:
    raw = write(tmp_path / "a.csv", HEADER + rows_of(5))
    Store(tmp_path / "h").add(*edition(raw, "2023-03-10"), raw)
    shutil.move(tmp_path / "h", tmp_path / "elsewhere")
    assert Store(tmp_path / "elsewhere").check() == []
