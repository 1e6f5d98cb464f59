# SPDX-License-Identifier: Apache-2.0
"""Names in scripts that leave vowels out, and in Han, against names in Latin letters, and the other way round."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.parties.answers.run import Run
from bilat.parties.answers.screen import screen
from bilat.parties.names.abjad import (
    SOUNDS,
    keys,
    latin_spellings,
    may_be,
    own_words,
    voiced,
)
from bilat.parties.names.forms import forms
from bilat.parties.names.skeleton import skeleton
from bilat.parties.queries.query import Query
from bilat.parties.screening.list_index import open_screener


def word(text: str) -> str:
    return own_words(text).split()[-1]


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("حماس", "hamas"),
        ("صادرات", "saderat"),
        ("عبدالرحمن", "abdurrahman"),
        ("عبدالله", "abdullah"),
        ("یوسف", "yousef"),
        ("القاعدة", "qaeda"),
        ("داعش", "daesh"),
        ("مجاهدين", "mujahideen"),
        ("נתניהו", "netanyahu"),
        ("ทักษิณ", "thaksin"),
        ("محمد", "mohammed"),
        ("محمد", "muhammad"),
    ],
)
def test_a_word_without_vowels_is_any_of_its_voicings(written: str, latin: str) -> None:
    assert voiced(word(written), skeleton(latin)) == 0
    assert voiced(skeleton(latin), word(written)) == 0
    assert keys(word(written)) & keys(skeleton(latin))


@pytest.mark.parametrize(
    ("written", "latin"), [("حماس", "hummus"), ("حسن", "hussein"), ("صادرات", "sadr")]
)
def test_long_vowels_and_consonants_are_kept(written: str, latin: str) -> None:
    assert voiced(word(written), skeleton(latin)) != 0


@st.composite
def a_word_and_a_voicing(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a word in its own letters, and one in Latin letters that has most of its sounds."""
    text = draw(st.text(alphabet=[*SOUNDS], min_size=1, max_size=7))
    heard = [draw(st.sampled_from(SOUNDS[letter])).strip("-") for letter in text]
    vowels = [draw(st.sampled_from(["", "a", "e", "ou", "ih", "aeio"])) for _ in text]
    return text, "".join(sound + vowel for sound, vowel in zip(heard, vowels, strict=True))


@given(a_word_and_a_voicing())
def test_a_word_may_be_what_is_a_slip_from_it_at_most(drawn: tuple[str, str]) -> None:
    written, latin = drawn
    assert may_be(written, latin) == (voiced(written, latin) >= 0)


@given(a_word_and_a_voicing(), st.booleans())
def test_a_word_has_the_spellings_of_its_pattern(drawn: tuple[str, str], vowels: bool) -> None:
    written, latin = drawn
    spellings = latin_spellings(written, vowels)
    is_in_pattern = re.fullmatch(spellings.pattern(), latin) is not None
    assert spellings.has(latin) == is_in_pattern


@given(st.text(alphabet=[*SOUNDS], min_size=1, max_size=8))
def test_a_word_is_read_once_and_as_itself(text: str) -> None:
    for read in own_words(text).split():
        assert own_words(read).split()[-1:] == [read] or read.startswith("ال")
        assert read.isascii() or keys(read)


@pytest.fixture(scope="module")
def typed() -> Run:
    return screen([*TYPED, *CLEAN], top=4)


#: Names as they are typed, and a part of the first party's name.
TYPED = {
    "حزب الله": "HIZBALLAH", "حماس": "HAMAS", "بشار الأسد": "ASSAD", "بانک صادرات": "SADERAT",
    "بانک ملی ایران": "Melli",
    "قاسم سلیمانی": "SOLEIMANI", "كتائب حزب الله": "KATA'IB", "حسن نصر الله": "NASRALLAH", "رامي مخلوف": "MAKHL",
    "بانک سپه": "Sepah", "فولاد مبارکه": "Mobarakeh", "طالبان": "TALIBAN", "القاعدة": "QA'IDA",
    "中芯国际": "Semiconductor", "哈尔滨工业大学": "Harbin", "谢尔盖·绍伊古": "Shoigu",
    "阿里巴巴": "Alibaba Group",
}  # fmt: skip
#: Innocent ones.
CLEAN = (
    "中国银行",
    "京东",
    "贵州茅台",
    "妙在其中",
    "شركة المراعي",
    "أرامكو السعودية",
    "בנק לאומי",
)


@pytest.mark.parametrize("name", TYPED)
def test_a_name_in_another_script_is_found(typed: Run, name: str) -> None:
    first = next(r for r in typed.alerts if r["query"] == name)
    assert TYPED[name].casefold() in first["name"].casefold() and first["band"] != "unlikely"


@pytest.mark.parametrize("name", CLEAN)
def test_an_innocent_name_in_another_script_is_not(typed: Run, name: str) -> None:
    assert not [r["name"] for r in typed.alerts if r["query"] == name and r["band"] != "unlikely"]


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("בנק הפועלים", "Bank Hapoalim"),
        ("בנימין נתניהו", "Benjamin Netanyahu"),
        ("ทักษิณ ชินวัตร", "Thaksin Shinawatra"),
        ("이재용", "Lee Jae-yong"),
        ("Αλέξης Τσίπρας", "Alexis Tsipras"),
        ("Նիկոլ Փաշինյան", "Nikol Pashinyan"),
        ("ბიძინა ივანიშვილი", "Bidzina Ivanishvili"),
        ("حسن نصر الله", "Hassan Nasrallah"),
        ("ソニー", "Sony"),
        ("شركة المراعي", "Almarai Company"),
    ],
)
def test_a_list_of_ones_own_matches_across_scripts(tmp_path: Path, listed: str, asked: str) -> None:
    file = tmp_path / "own.jsonl"
    kind = "Person" if " " in asked and "Company" not in asked else "Company"
    lines = [
        {"id": "1", "schema": kind, "names": [listed]},
        {"id": "2", "schema": "Company", "names": ["Nordsee Tuchhaus"]},
    ]
    file.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "utf-8")
    found = screen([asked], lists=(str(file),)).alerts
    assert [r["name"] for r in found] == [listed] and found[0]["band"] != "unlikely"


def test_a_list_in_arabic_letters_makes_no_other_name_look_near(tmp_path: Path) -> None:
    """Of a file those names alone are read whole that a listed name without vowels may be."""
    file = tmp_path / "own.jsonl"
    lines = [
        {"id": "1", "schema": "Company", "names": ["شركة صادرات الشرق"]},
        {"id": "2", "schema": "Person", "names": ["محمد الحوراني"]},
    ]
    file.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "utf-8")
    names = [
        "Saderat Trading",
        "Muhammad Al Hourani",
        "Volkswagen AG",
        "Bakery of Three Brothers",
        "Telefonica",
    ]
    asked = [Query(str(n), name, n) for n, name in enumerate(names)]
    assert open_screener([str(file)], None, None).screener.near(asked, 0.1) == [0, 1]


def test_words_that_thai_and_korean_write_together_are_read_apart() -> None:
    assert "bank" in {t for f in forms("ธนาคารกรุงเทพ", False) for t in f.tokens}
    assert ("automobile") in {t for f in forms("현대자동차", False) for t in f.tokens}


def test_each_process_reads_a_word_without_vowels_alike() -> None:
    """Whatever the order of sets, that differs from process to process."""
    asked = """from bilat.parties.names.abjad import Voicings, in_classes
words, others = ("מוחמד", "כהן", "צבי"), ("tsvi", "zvi", "kohen", "kan", "mohamed")
print(Voicings(others).of("צבי", 1), [in_classes([w], [a, b]) for w in words for a in others for b in others])"""
    said = [
        subprocess.run(
            [sys.executable, "-c", asked],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in "0123"
    ]
    assert len(set(said)) == 1


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("조선광업개발무역회사", "korea mining development trade"),
        ("조선단군무역회사", "korea tangun trade"),
        ("한국석유공장", "korea oil plant"),
        ("김책종합대학", "kimkaeg university"),
    ],
)
def test_a_korean_body_has_the_words_of_its_english_name(written: str, words: str) -> None:
    (wanted, *_) = forms(words, False)
    assert wanted.tokens in {form.tokens for form in forms(written, False)}


@pytest.mark.parametrize(
    "written", ["조선광업개발무역회사", "릉라도무역총회사", "Joson Paekho Muyok Hoesa"]
)
def test_the_korean_word_for_company_is_a_legal_form(written: str) -> None:
    assert any("corporation" in form.legal for form in forms(written, False))
