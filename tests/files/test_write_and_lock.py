# SPDX-License-Identifier: Apache-2.0
"""A file is written whole or not at all, by one writer at a time, and unpacked within bounds."""

import contextlib
import gzip
import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilat.errors import DataError
from bilat.files.archives import open_unpacked
from bilat.files.lock import exclusive_lock
from bilat.files.write import append, atomic_write, swap_folder, write_text


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow past 4 KB: a write beyond fails in the middle, as on a full disk.

    Around the write alone: the limit is the whole process's, and the runner's own output must not meet it.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_what_was_there_and_gives_one_line(tmp_path: Path) -> None:
    place = tmp_path / "state.json"
    write_text(place, "old")
    with pytest.raises(DataError) as caught, full_disk():
        write_text(place, "x" * 100_000, cure="name another folder")
    assert caught.value.file == str(place) and caught.value.cure == "name another folder"
    assert "\n" not in str(caught.value) and "cannot be written" in str(caught.value)
    assert place.read_text() == "old" and os.listdir(tmp_path) == ["state.json"]


def test_an_error_of_the_writer_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "a"
    write_text(place, "old")
    with pytest.raises(RuntimeError), atomic_write(place) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert place.read_text() == "old" and os.listdir(tmp_path) == ["a"]


def test_a_log_that_the_disk_does_not_take_is_cut_back(tmp_path: Path) -> None:
    log = tmp_path / "log"
    append(log, "first\n")
    with pytest.raises(DataError, match="cannot be written"), full_disk():
        append(log, "y" * 10_000 + "\n")
    assert log.read_text() == "first\n"
    append(log, "second\n")
    assert log.read_text() == "first\nsecond\n"


def test_a_folder_takes_the_place_of_another_whole(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    swap_folder(tmp_path / "new", tmp_path / "old")
    assert os.listdir(tmp_path) == ["old"] and os.listdir(tmp_path / "old") == ["new"]


def _count(folder: str) -> None:
    for _ in range(50):
        with exclusive_lock(Path(folder) / "lock", "the counter", wait=60):
            n = int((Path(folder) / "n").read_text())
            (Path(folder) / "n").write_text(str(n + 1))


def test_four_processes_count_to_two_hundred_under_one_lock(tmp_path: Path) -> None:
    (tmp_path / "n").write_text("0")
    workers = [
        multiprocessing.get_context("spawn").Process(target=_count, args=(str(tmp_path),))
        for _ in range(4)
    ]
    for w in workers:
        w.start()
    for w in workers:
        w.join(100)
        assert w.exitcode == 0
    assert (tmp_path / "n").read_text() == "200" and os.listdir(tmp_path) == ["n"]


def test_the_second_run_is_said_who_writes_and_a_dead_owner_leaves_no_lock(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from bilat.files.lock import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1]), 'out.csv'):\n    print('ready', flush=True); time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "l")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    with (
        pytest.raises(
            DataError,
            match=rf"out.csv: another run is writing it \(process {child.pid} on .*; wait",
        ),
        exclusive_lock(tmp_path / "l", "out.csv", wait=0, cure="wait"),
    ):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    with exclusive_lock(tmp_path / "l", "out.csv", wait=0):
        pass


def test_a_packed_file_is_unpacked_within_its_bound_and_damage_is_one_line(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(50 << 20)))
    with (
        pytest.raises(DataError, match=r"bomb.gz: unpacks to more than 8 MB"),
        open_unpacked(bomb, most=8 << 20) as f,
    ):
        f.read()
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(os.urandom(100_000))[:-500])
    with (
        pytest.raises(DataError, match=r"cut.gz: the packed file is damaged or cut off"),
        open_unpacked(cut) as f,
    ):
        f.read()
    plain = tmp_path / "plain"
    plain.write_bytes(b"text")
    with open_unpacked(plain) as f:
        assert f.read() == b"text"


def test_a_workbook_that_is_open_in_excel_stays_as_it_was_and_the_cure_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "alerts.xlsx"
    place.write_bytes(b"of yesterday")

    def locked(*_: object) -> None:  # as Windows answers for a file that another program has open
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr("bilat.files.write.os.replace", locked)
    with pytest.raises(DataError, match="close it if it is open in another program"):
        write_text(place, "of today")
    assert place.read_bytes() == b"of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.xlsx"]


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_whichever_moves_fail_the_earlier_folder_is_not_lost(
    failing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it cannot be put back, the error says where it is."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "content").write_text(name)
    move = os.replace
    moves = iter(range(1, 4))

    def replace(source: Path, target: Path) -> None:
        # The first move that fails, and every one after it.
        if next(moves) >= failing:
            raise OSError(5, "Input/output error")
        move(source, target)

    monkeypatch.setattr(os, "replace", replace)
    if failing < 3:
        with pytest.raises(OSError, match="Input/output error") as caught:
            swap_folder(tmp_path / "new", tmp_path / "old")
        if not (tmp_path / "old").exists():
            assert str(tmp_path / ".old-old-") in str(caught.value)
    else:
        swap_folder(tmp_path / "new", tmp_path / "old")
    kept = {path.read_text() for path in tmp_path.rglob("content")}
    assert kept == ({"old", "new"} if failing < 3 else {"new"})
    if failing == 1:
        assert sorted(os.listdir(tmp_path)) == ["new", "old"], "nothing is left beside them"
