# SPDX-License-Identifier: Apache-2.0
"""Answers that come with a release are used by its own code alone."""

import io
import tarfile
from pathlib import Path

import pytest

from bilat.files import cache
from bilat.files.digest import code


def release(path: Path, of: str) -> None:
    """An archive with one answer, made by the code of a digest."""
    with tarfile.open(
        path, "w:xz", format=tarfile.PAX_FORMAT, pax_headers={cache.MADE_BY: of}
    ) as out:
        for name in ("kept", "kept/answers"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            out.addfile(folder)
        answer = tarfile.TarInfo("kept/answers/one.arrow")
        answer.size = 3
        out.addfile(answer, io.BytesIO(b"one"))


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BILAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "kept.tar.xz")
    return tmp_path / "cache"


def test_the_answers_of_a_release_are_there_before_anything_is_asked(cache_folder: Path) -> None:
    release(cache.SHIPPED, code())
    answers, pages = cache.folder("answers"), cache.folder("pages")
    assert answers is not None and (answers / "one.arrow").read_bytes() == b"one"
    assert pages is not None and list(pages.iterdir()) == []
    assert list(pages.parent.parent.iterdir()) == [pages.parent]  # nothing half unpacked is left


def test_answers_of_other_code_and_damaged_ones_are_not_used(cache_folder: Path) -> None:
    release(cache.SHIPPED, "0" * 64)
    folder = cache.folder("answers")
    assert folder is not None and list(folder.iterdir()) == []
    release(cache.SHIPPED, code())
    cache.SHIPPED.write_bytes(cache.SHIPPED.read_bytes()[: cache.SHIPPED.stat().st_size // 2])
    for path in sorted(cache_folder.rglob("*"), reverse=True):
        path.rmdir()
    folder = cache.folder("answers")
    assert folder is not None and list(folder.iterdir()) == []


def test_what_was_kept_before_is_not_written_over(cache_folder: Path) -> None:
    folder = cache.folder("answers")
    assert folder is not None
    (folder / "one.arrow").write_bytes(b"mine")
    release(cache.SHIPPED, code())
    assert cache.folder("answers") == folder
    assert (folder / "one.arrow").read_bytes() == b"mine"


def test_the_answers_of_a_release_are_not_the_ones_forgotten(cache_folder: Path) -> None:
    for earlier in ("a", "b"):
        (cache_folder / "bilat" / "kept" / earlier).mkdir(parents=True)
    release(cache.SHIPPED, code())
    answers = cache.folder("answers")
    assert answers is not None and (answers / "one.arrow").read_bytes() == b"one"
