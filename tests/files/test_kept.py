# SPDX-License-Identifier: Apache-2.0
"""Answers that come with a release are used by its own code alone."""

import io
import tarfile
from pathlib import Path

import pytest

from bilat.files import kept
from bilat.files.digest import code


def release(path: Path, of: str) -> None:
    """An archive with one answer, made by the code of a digest."""
    with tarfile.open(
        path, "w:xz", format=tarfile.PAX_FORMAT, pax_headers={kept.MADE_BY: of}
    ) as out:
        for name in ("kept", "kept/answers"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            out.addfile(folder)
        answer = tarfile.TarInfo("kept/answers/one.arrow")
        answer.size = 3
        out.addfile(answer, io.BytesIO(b"one"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BILAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "SHIPPED", tmp_path / "kept.tar.xz")
    return tmp_path / "cache"


def test_the_answers_of_a_release_are_there_before_anything_is_asked(cache: Path) -> None:
    release(kept.SHIPPED, code())
    answers, pages = kept.folder("answers"), kept.folder("pages")
    assert answers is not None and (answers / "one.arrow").read_bytes() == b"one"
    assert pages is not None and list(pages.iterdir()) == []
    assert list(pages.parent.parent.iterdir()) == [pages.parent]  # nothing half unpacked is left


def test_answers_of_other_code_and_damaged_ones_are_not_used(cache: Path) -> None:
    release(kept.SHIPPED, "0" * 64)
    folder = kept.folder("answers")
    assert folder is not None and list(folder.iterdir()) == []
    release(kept.SHIPPED, code())
    kept.SHIPPED.write_bytes(kept.SHIPPED.read_bytes()[: kept.SHIPPED.stat().st_size // 2])
    for path in sorted(cache.rglob("*"), reverse=True):
        path.rmdir()
    folder = kept.folder("answers")
    assert folder is not None and list(folder.iterdir()) == []


def test_what_was_kept_before_is_not_written_over(cache: Path) -> None:
    folder = kept.folder("answers")
    assert folder is not None
    (folder / "one.arrow").write_bytes(b"mine")
    release(kept.SHIPPED, code())
    assert kept.folder("answers") == folder
    assert (folder / "one.arrow").read_bytes() == b"mine"


def test_the_answers_of_a_release_are_not_the_ones_forgotten(cache: Path) -> None:
    for earlier in ("a", "b"):
        (cache / "bilat" / "kept" / earlier).mkdir(parents=True)
    release(kept.SHIPPED, code())
    answers = kept.folder("answers")
    assert answers is not None and (answers / "one.arrow").read_bytes() == b"one"
