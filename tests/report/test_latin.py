# SPDX-License-Identifier: Apache-2.0
"""A PDF never fails for want of a glyph: names in other scripts are written in Latin letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.document import Document, Say
from bilat.report.latin import _OTHER, RIGHT_TO_LEFT, in_latin
from bilat.report.press import pdf
from bilat.when import AsOf


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("中国北方工业公司", "Zhong Guo Bei Fang Gong Ye Gong Si"),
        ("NORINCO (中国)", "NORINCO (Zhong Guo)"),
        ("アブ", "Abu"),
        ("한국", "Hangug"),
        ("ОАО «Звезда», Ελλάς", "ОАО «Звезда», Ελλάς"),
        ("شركة ماهان للطيران", "شركة ماهان للطيران"),
        ("רפאל", "רפאל"),
        ("ٹیکنالوجی ہے", "ٹیکنالوجی [name in Arabic script: see the Word file]"),
    ],
)
def test_a_name_is_written_in_letters_that_the_fonts_have(written: str, shown: str) -> None:
    assert in_latin(written) == shown


@given(st.text(max_size=40))
def test_no_letter_is_left_that_the_fonts_lack(text: str) -> None:
    assert not _OTHER.search(in_latin(text))


def test_every_letter_from_right_to_left_that_is_shown_has_a_glyph() -> None:
    letters = [chr(c) for c in range(0x590, 0x700) if re.match(f"[{RIGHT_TO_LEFT}]", chr(c))]
    assert len(letters) > 100
    said = " ".join(letters)
    made = pdf(Document("letter", "Letters", (said,), (), as_of=AsOf("2026-11-30")))
    assert made.startswith(b"%PDF")


def test_a_document_with_names_of_every_script_becomes_a_pdf() -> None:
    names = "中国北方工业公司, 株式会社対外, アブ, 한국전자, شركة, שלום, กรุงเทพ, საქართველო, Հայաստան, 𠀀"
    made = pdf(Document("letter", names, (names,), (Say(names),), as_of=AsOf("2026-11-30")))
    assert made.startswith(b"%PDF")
