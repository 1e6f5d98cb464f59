# SPDX-License-Identifier: Apache-2.0
"""Names in several scripts come to one form."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from bilat.parties.match.spelling import SOUNDS_ALIKE
from bilat.parties.names.abjad import unvowelled
from bilat.parties.names.forms import forms, is_firms
from bilat.parties.names.han import han_forms, segments, simplified, sound_of_pinyin, sound_of_token
from bilat.parties.names.romanisation import pinyin, romanise, wade_giles
from bilat.parties.names.script import MAX_CHARACTERS, clean, fold_homoglyphs
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tokens import words_of


def tokens(name: str, person: bool = False) -> tuple[str, ...]:
    return forms(name, person)[0].tokens


@pytest.mark.parametrize(
    "spellings",
    [
        ("sergey", "sergei", "sergej", "serguei", "sergeï", "сергей"),
        ("yuriy", "iurii", "jurij", "yuri", "юрий"),
        ("alekseevna", "alexeyevna", "alekseyevna", "алексеевна"),
        ("nikolaevich", "nikolayevich", "nikolajewitsch", "николаевич"),
        ("evgeniy", "yevgeny", "jewgenij", "евгений"),
        ("semyonov", "semenov", "семёнов"),
        ("mahmoud", "mahmud", "mahmood"),
        ("shcherbakov", "schtscherbakow", "chtcherbakov", "щербаков"),
        ("zhukov", "жуков"),
        ("khrushchev", "хрущев"),
    ],
)
def test_one_sound_written_in_many_ways_has_one_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(romanise(s.lower())) for s in spellings}) == 1


def test_latin_letters_in_a_cyrillic_word_are_folded() -> None:
    assert (
        fold_homoglyphs("Oбщество «Остек-Cepвиc-Texнoлoгия»")
        == "Общество «Остек-Сервис-Технология»"
    )
    assert fold_homoglyphs("ГБОУ ДО PK") == "ГБОУ ДО РК"


def test_a_latin_name_is_left_alone() -> None:
    assert fold_homoglyphs("PACKARD MOTOR") == "PACKARD MOTOR"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("АО «НИИ Вектор»", "Joint Stock Company Scientific-Research Institute Vektor"),
        ("ООО Научно-Производственное Объединение «Радиоволна»", "NPO Radiovolna LLC"),
        ("Публичное акционерное общество «Соллерс»", "SOLLERS PJSC"),
        ("АО «Брянский Автомобильный Завод»", "JSC Bryanskiy Avtomobilny Zavod"),
        ("АО 560 БТРЗ", "JSC 560 Armored Repair Plant"),
        ("558 авиаремонтный завод", "558 Aviation Repair Plant"),
        ("Центральный банк Российской Федерации", "Central Bank of Russia"),
        ("Корпус стражей исламской революции", "Corps of Guards, Islamic Revolution"),
        ("Акционерное общество «Дукс»", "DUKS AO"),
        ("Общество с ограниченной ответственностью «ВМК»", "VMK Limited Liability Company"),
    ],
)
def test_russian_forms_and_their_english_names_have_the_same_tokens(a: str, b: str) -> None:
    assert sorted(tokens(a)) == sorted(tokens(b))


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Alpha LLC", "limited"),
        ("Альфа ООО", "limited"),
        ("Alpha GmbH", "limited"),
        ("Alpha Sdn. Bhd.", "limited"),
        ("Alpha S.A. de C.V.", "stock"),
        ("Альфа ПАО", "stock"),
        ("Alpha OJSC", "stock"),
        ("阿尔法股份有限公司", None),
        ("ФГУП Альфа", "state"),
        ("АНО Альфа", "nonprofit"),
        ("Alpha Inc.", "corporation"),
    ],
)
def test_legal_forms_are_taken_out_and_named(name: str, family: str | None) -> None:
    form = forms(name, False)[0]
    if family:
        assert family in form.legal
        assert form.tokens == (skeleton("alpha"),) or form.tokens == (skeleton("alfa"),)


@pytest.mark.parametrize(
    "name",
    [
        "Joint Stock Compamy Gelios",
        "JNT STCK CMPNY GELIOS",
        "JNT STCK CMPN GELIOS",
        "Gelios JT STK CO",
        "AKTSIONERNOE OBSHCHESVO GELIOS",
        "PJSC Gelios",
        "LMTD LBLTY CMPNY GELIOS",
        "OBSHCHESTVO S OGRANICHENNOI OTVETSTVHNNOSTYU GELIOS",
    ],
)
def test_a_misspelled_legal_form_is_no_name(name: str) -> None:
    form = forms(name, False)[0]
    assert form.tokens == ("gelios",) and form.legal


def test_a_word_that_is_nearly_one_of_a_legal_form_is_a_word() -> None:
    assert "point" in forms("Point Stock Exchange", False)[0].tokens
    assert forms("Privates Bank", False)[0].tokens[0] == "privates"


def test_letters_of_two_scripts_in_one_word_are_two_words() -> None:
    assert words_of("rمحمد") == ["r", "محمد"]


def test_a_name_that_is_all_legal_form_keeps_its_words() -> None:
    assert forms("Limited Liability Company", False)[0].tokens


def test_what_stands_in_brackets_is_a_reading_of_its_own() -> None:
    read = forms("Beijing University of Aeronautics and Astronautics (BUAA)", False)
    assert any(f.part and f.tokens == (skeleton("buaa"),) for f in read)


@pytest.mark.parametrize(
    "name",
    [
        "GDS (Hong Kong) Limited",
        "Asia Logistics (China) Ltd",
        "Homaye Jahan Nama Co. (Private Joint Stock)",
        "EJE (Holdings) Limited",
    ],
)
def test_a_state_or_a_legal_form_in_brackets_is_nobodys_name(name: str) -> None:
    inner = name[name.index("(") + 1 : name.index(")")].lower()
    assert inner not in {form.plain for form in forms(name, False)}


@pytest.mark.parametrize(
    ("name", "firms"),
    [
        ("SHENZHEN A TECHNOLOGY CO LTD", True),
        ("KAEL MÜHENDİSLİK SANAYİ LİMİTED ŞİRKETİ", True),
        ("ООО «МАЯК»", True),
        ("Общество с ограниченной ответственностью МКС", True),
        ("PAO Hua Chiang", False),
        ("KHINE Oo Oo", False),
        ("AL-DHARI, Harith S.", False),
    ],
)
def test_a_name_with_a_written_out_legal_form_is_a_firms(name: str, firms: bool) -> None:
    assert is_firms(name) is firms


def test_a_ukrainian_name_is_read_with_g_and_with_h() -> None:
    read = {f.tokens[0] for f in forms("Гнат Геннадійович", True)}
    assert {"gnat", "hnat"} <= read


def test_patronymic_and_order_do_not_hide_a_person() -> None:
    assert set(tokens("ПУТИН Владимир Владимирович", True)) == set(
        tokens("Vladimir Vladimirovich Putin", True)
    )


@pytest.mark.parametrize("united", ["Объединённая", "Объединенной", "Obedinennaya", "Об'єднана"])
def test_words_that_differ_in_their_endings_alone_are_told_apart(united: str) -> None:
    assert tokens(f"{united} судостроительная корпорация")[0] == "united"
    assert tokens("Производственное объединение Старт") == ("produktion", "asociation", "start")


def test_a_corporation_is_a_word_in_russian_and_behind_another_form_in_english() -> None:
    russian = tokens("АО «Объединённая судостроительная корпорация»")
    assert russian == tokens("Joint Stock Company United Shipbuilding Corporation")
    assert tokens("Kometa Corporation") == ("komet",)


@pytest.mark.parametrize(
    ("other", "russian"),
    [
        ("Микола Патрушев", "Николай Патрушев"),
        ("Aliaksandr Lukashenka", "Александр Лукашенка"),
        ("Уладзімір Уладзіміравіч", "Владимир Владимирович"),
        ("Олена Анатоліївна", "Елена Анатольевна"),
    ],
)
def test_given_names_of_ukrainians_and_belarusians_are_the_russian_ones(
    other: str, russian: str
) -> None:
    assert tokens(other, person=True) == tokens(russian, person=True)
    assert tokens("Mykola Plant LLC") == ("mikola", "plant")  # a firm's word is itself


def test_han_names_are_cut_by_the_lexicon() -> None:
    cut = segments("北京和德宇航技术有限公司", False)
    assert [s for s, e in cut if e is None] == ["和德"]
    assert dict(cut)["有限公司"] == "*"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("电子集团第三十八研究所", "38"),
        ("电子集团第五十五所", "55"),
        ("电子集团第二十研究所", "20"),
        ("电子集团第55研究所", "55"),
        ("航天集团五〇八所", "508"),
        ("船舶集团第七一九研究所", "719"),
        ("兵器集团第一百零八厂", "108"),
        ("航天集团第十一研究院", "11"),
        ("第一汽车集团", "1"),
    ],
)
def test_the_number_of_a_chinese_body_is_one_word(name: str, number: str) -> None:
    for form in [form for form in forms(name, False) if not form.part]:
        assert [token for token in form.tokens if token.isdigit()] == [number]


def test_a_numeral_in_a_name_without_a_counter_is_no_number() -> None:
    assert tokens("三一重工") == ("~san.yi", "heavi", "industri")
    assert tokens("第一三共") == ("~san.gong", "1")


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert simplified("華為技術有限公司") == "华为技术有限公司"


def test_pinyin_and_wade_giles() -> None:
    assert pinyin("蔡其昌") == ("cai", "qi", "chang")
    assert [wade_giles(s) for s in ("cai", "xiao", "zhong", "jian", "qing")] == [
        "tsai",
        "hsiao",
        "chung",
        "chien",
        "ching",
    ]


def test_a_foreign_name_in_han_sounds_like_the_name() -> None:
    assert sound_of_pinyin(("ge", "lu", "man")) == sound_of_token(skeleton("grumman"))
    assert sound_of_pinyin(("ke", "lu", "zi")) == sound_of_token(skeleton("cruz"))
    alike = [
        Indel.normalized_similarity(
            sound_of_pinyin(("ken", "ni", "di")), sound_of_token(skeleton(name))
        )
        for name in ("kennedy", "candado")
    ]
    assert alike[0] == 1 and alike[1] < SOUNDS_ALIKE, (
        "vowels tell names of the same consonants apart"
    )


def test_korean_names_are_read_out_of_russian() -> None:
    read = {
        russian: {f.plain for f in forms(russian, True)}
        for russian in ("Ким Чен Ын", "Ли Су Ён", "Иван Петров")
    }
    assert "kim jong un" in read["Ким Чен Ын"] and "li su yong" in read["Ли Су Ён"]
    assert read["Иван Петров"] == {"ivan petrov"}


def test_letters_that_stand_for_words_are_told_apart_and_spelled_out_words_are_put_together() -> (
    None
):
    assert not forms("NPP Istok", False)[0].legal and forms("NP Istok", False)[0].legal == {
        "nonprofit"
    }
    assert ("sberbank",) in {f.tokens for f in forms("S B E R B A N K", False)}
    assert (
        forms("X, S.A. DE C.V", False)[0].legal
        == forms("X, S.A. DE C.V.", False)[0].legal
        == {"stock"}
    )


def test_taiwanese_persons_are_read_in_both_romanisations() -> None:
    read = {f.tokens for f in han_forms("蔡其昌", True)}
    assert (skeleton("tsai"), skeleton("chichang")) in read and (
        skeleton("cai"),
        skeleton("qichang"),
    ) in read


@given(st.text(max_size=300))
@example("[:'¨")
def test_any_text_has_readings_or_none_and_never_fails(text: str) -> None:
    for person in (False, True):
        for form in forms(text, person):
            assert form.tokens and all(form.tokens)
            assert all(
                t[0] == "~" or unvowelled(t) or (t.isascii() and t.isalnum()) for t in form.tokens
            )


@given(st.from_regex(r"[a-z]{1,20}", fullmatch=True))
def test_a_skeleton_is_its_own_alphabet(word: str) -> None:
    assert skeleton(word).isalnum() or skeleton(word) == ""
    assert len(stem(skeleton(word))) <= len(skeleton(word))


@pytest.mark.parametrize(
    "text", ["\x00\x01\u202eevil\u202c name", "a\u200db", "\ud800x", "名\u3000前", "A" * 10_000]
)
def test_control_and_direction_marks_are_dropped_and_length_is_bounded(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_CHARACTERS
    assert not any(c in cleaned for c in "\x00\x01\u202e\u202c\u200d")


@pytest.mark.parametrize("form", ["PAO", "OAO", "AO", "OOO", "ZAO"])
def test_a_legal_form_in_latin_capitals_beside_a_cyrillic_name_is_a_legal_form(form: str) -> None:
    (first, *_) = forms(f"{form} «Ромашка»", False)
    assert first.legal and first.tokens == forms("Ромашка", False)[0].tokens
