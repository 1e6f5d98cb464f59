# SPDX-License-Identifier: Apache-2.0
"""Machines unlike ours: code pages of Windows, no docstrings, a home that may not be written, damaged workbooks."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from bilat.errors import DataError
from bilat.formats.workbook import sheet_rows, workbook
from bilat.terminal.code_pages import fit


def bilat(
    *args: str, flags: tuple[str, ...] = (), **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    line = [sys.executable, *flags, "-m", "bilat", *args]
    env.setdefault("BILAT_CACHE", "off")  # it works its answers out in its own way
    return subprocess.run(
        line, capture_output=True, env={**os.environ, **env}, check=False, timeout=500
    )


def written(text: str, encoding: str, *, is_json: bool) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    fit(stream, is_json=is_json)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp1251", "cp932", "ascii", "utf-8"])
def test_text_of_any_kind_is_written_in_any_code_page(encoding: str) -> None:
    text = "held to 2026 · “Ромашка” 中国电子 ▁▃█ Türkiye 5 m³ 😀 \ud800"
    shown = written(text, encoding, is_json=False) if encoding != "utf-8" else text
    assert "held to 2026" in shown
    plain = json.dumps({"text": text.removesuffix(" \ud800")}, ensure_ascii=False)
    assert json.loads(written(plain, encoding, is_json=True)) == json.loads(plain)


def test_little_charts_keep_their_shape() -> None:
    assert written("▁▄█ – Türkiye", "ascii", is_json=False) == ".;# - Turkiye"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_claim_is_printed_in_a_code_page_that_lacks_its_chart(encoding: str) -> None:
    done = bilat("claims", "--only", "I3", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert b"should not happen" not in done.stderr


def test_without_docstrings_every_measure_and_question_still_says_what_it_means() -> None:
    usual = bilat("ask", "--help")
    bare = bilat("ask", "--help", flags=("-OO",))
    assert bare.returncode == 0, bare.stderr
    assert usual.stdout == bare.stdout
    asked = bilat("ask", "alignment.alliances", "--json", flags=("-OO",))
    assert asked.returncode == 0, asked.stderr


def test_a_workbook_whose_xml_is_damaged_is_one_line(tmp_path: Path) -> None:
    """With the extra for reports lxml reads the sheets, and says its errors in its own way."""
    book = Workbook()
    book.active.append(["name", "country"])
    book.active.append(["VTB", "Russia"])
    sound = tmp_path / "sound.xlsx"
    book.save(sound)
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        spoilt = tmp_path / "spoilt.xlsx"
        with zipfile.ZipFile(sound) as old, zipfile.ZipFile(spoilt, "w") as new:
            for name in old.namelist():
                body = old.read(name)
                new.writestr(name, body[: len(body) // 2] + b"<\x00&" if name == part else body)
        with pytest.raises(DataError, match="damaged workbook"), workbook(spoilt, spoilt) as opened:
            list(sheet_rows(opened, spoilt))


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_a_server_in_a_home_that_may_not_be_written_names_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bilat.server.settings import CACHE, writable_folder

    home = tmp_path / "home"
    home.write_text("a file in the place of a folder: nothing can be made below it", "utf-8")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    notes: list[str] = []
    place = writable_folder(None, CACHE, notes.append)
    assert place.is_dir()
    assert ["is used, until this computer clears it" in line for line in notes] == [True]
    with pytest.raises(DataError):
        writable_folder(home / "named", CACHE, notes.append)
