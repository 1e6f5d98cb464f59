# SPDX-License-Identifier: Apache-2.0
"""A picture appears whole or not at all, and never takes the place of somebody else's files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bilat.errors import DataError
from bilat.picture import folder


def put(out: Path, text: str = "one") -> None:
    with folder.placed(out) as building:
        (building / "assets").mkdir()
        (building / "index.html").write_text(text)
        (building / "assets" / "a.css").write_text("a")


def test_it_is_built_beside_its_place_and_lists_what_it_holds(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "picture"
    put(out)
    listed = json.loads((out / folder.CONTENTS).read_text())
    assert sorted(listed["files"]) == ["assets/a.css", "index.html"]
    assert os.listdir(out.parent) == ["picture"]


def test_an_earlier_picture_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "picture"
    put(out, "one")
    with folder.placed(out) as building:
        (building / "new.html").write_text("two")
    assert sorted(p.name for p in out.iterdir()) == [folder.CONTENTS, "new.html"]
    assert os.listdir(tmp_path) == ["picture"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    out = tmp_path / "picture"
    out.mkdir()
    put(out)
    assert (out / "index.html").read_text() == "one"


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match=r"thesis\.txt.*bilat did not write"):
        put(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_note_put_into_an_earlier_picture_is_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "picture"
    put(out)
    (out / "note.txt").write_text("mine")
    with pytest.raises(DataError, match=r"note\.txt"):
        put(out, "two")
    assert (out / "index.html").read_text() == "one"
    assert (out / "note.txt").read_text() == "mine"


def test_a_failure_on_the_way_leaves_the_earlier_picture(tmp_path: Path) -> None:
    out = tmp_path / "picture"
    put(out)
    with pytest.raises(ZeroDivisionError), folder.placed(out) as building:
        (building / "index.html").write_text("half")
        raise ZeroDivisionError
    assert (out / "index.html").read_text() == "one"
    assert os.listdir(tmp_path) == ["picture"]


def test_a_file_in_the_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "picture").write_text("a file")
    with pytest.raises(DataError, match="not a folder"):
        put(tmp_path / "picture")


def test_a_disk_that_cannot_be_written_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(folder.tempfile, "mkdtemp", refuse)
    with pytest.raises(DataError, match=r"cannot be written .*Read-only file system.*`out`"):
        put(tmp_path / "picture")


def test_a_disk_that_fills_up_on_the_way_is_one_clear_error(tmp_path: Path) -> None:
    out = tmp_path / "picture"
    put(out)
    with pytest.raises(DataError, match="No space left"), folder.placed(out):
        raise OSError(28, "No space left on device")
    assert (out / "index.html").read_text() == "one"


def test_a_place_that_cannot_be_used_is_told_before_anything_is_judged(tmp_path: Path) -> None:
    from bilat.picture import brief

    def never(*_: object) -> list:  # type: ignore[type-arg]
        raise AssertionError("judged in vain")

    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match=r"thesis\.txt"):
        brief(out=tmp_path, judge=never)
    with pytest.raises(DataError, match="cannot be written"):
        brief(out=tmp_path / "thesis.txt" / "picture", judge=never)
    assert sorted(os.listdir(tmp_path)) == ["thesis.txt"]


def test_what_a_killed_run_was_building_is_swept_and_what_another_one_builds_is_not(
    tmp_path: Path,
) -> None:
    out, foreign = tmp_path / "picture", tmp_path / ".picture-notes"
    foreign.mkdir()
    builds = (
        "import sys, pathlib; from bilat.picture import folder\n"
        "with folder.placed(pathlib.Path(sys.argv[1])) as b: print(b, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", builds, str(out)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        building = Path(other.stdout.readline().strip())
        put(out)
        assert building.is_dir()
        other.kill()
    assert building.is_dir()
    put(out, "two")
    assert sorted(os.listdir(tmp_path)) == [".picture-notes", "picture"]
