# SPDX-License-Identifier: Apache-2.0
"""Matching on a small list: order, no ceiling, monotone curves, and figures on the real benchmark."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from bilat.parties.match.chance import CLASSES, chance, expand
from bilat.parties.match.index import ORGANISATION, UNKNOWN, NameIndex, Party
from bilat.parties.match.matcher import FAR, Matcher, NameQuery, Pairs, readings
from bilat.parties.match.pair_features import EXACT_NAME, NAMES, NEAR_NAME, PART_NAME
from bilat.parties.screening.screener import _names

LISTED = [
    Party("kalashnikov", "Company", ("Concern Kalashnikov", "IZHMASH")),
    Party("almaz", "Company", ("Joint Stock Company Almaz-Antey", "ALMAZ-ANTEY CORP")),
    Party("560", "Company", ("JSC 560 Armored Repair Plant",)),
    Party("61", "Company", ("JSC 61 Armored Repair Plant",)),
    Party("putin", "Person", ("PUTIN, Vladimir Vladimirovich",)),
    Party("pitikov", "Person", ("PITIKOV Sergei Viktorovich",)),
    Party("vesna", "Vessel", ("VESNA",)),
    Party("vesna-llc", "Company", ("VESNA LLC",)),
    Party("vesna-as-written", "Company", ("Vesna Limited",)),
    Party("hudson", "Company", ("Hudson Technologies Co.",)),
    *(
        Party(f"other{n}", "Company", (f"{w} Trading LLC",))
        for n, w in enumerate(["Orion", "Sirius", "Vega", "Altair", "Deneb", "Rigel"])
    ),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(NameIndex(LISTED))


def ranked(matcher: Matcher, name: str, schema: str | None = None) -> list[tuple[str, float]]:
    pairs = matcher.pairs([NameQuery(name, schema)])
    return [
        (matcher.index.ids[pairs.party[n]], float(pairs.log_odds[n]))
        for n in pairs.best_per_party()
    ]


def test_what_comes_near_no_name_is_left_out_and_the_rest_stays_as_it_is(matcher: Matcher) -> None:
    asked = [
        NameQuery(x)
        for x in ("Concern Kalashnikow", "Orion Trading Vostok", "Vesna", "Putin", "Hudson Foods")
    ]

    def scored(pairs: Pairs) -> dict[tuple[int, int, tuple[str, ...]], tuple[float, int]]:
        of = (
            (int(q), int(f), r.form.tokens)
            for q, f, r in zip(pairs.query, pairs.form, pairs.reading, strict=True)
        )
        return dict(
            zip(
                of, zip(pairs.log_odds.tolist(), pairs.agreement.tolist(), strict=True), strict=True
            )
        )

    least = 2.0
    every, kept = (
        scored(matcher.pairs(asked)),
        scored(matcher.pairs(asked, least=np.full(len(asked), least))),
    )
    told = {
        q for (q, *_), (odds, agreement) in every.items() if odds >= least or agreement < NEAR_NAME
    }
    wanted = {
        key
        for key, (odds, agreement) in every.items()
        if key[0] in told and (odds >= FAR or agreement < PART_NAME)
    }
    assert 0 < len(told) < len(asked) and len(kept) < len(every)
    assert wanted <= {*kept} and kept.items() <= every.items()


def test_a_word_changed_for_a_quite_other_one_counts_more_than_a_respelled_one() -> None:
    index = NameIndex([Party("k", "Person", ("Ivan Petrovich KOVALCHUK",))])
    other, near = (
        Matcher(index).pairs([NameQuery(f"Ivan Petrovich {name}", "Person")])
        for name in ("Dragunov", "Kovalsky")
    )
    assert other.log_odds.max() < near.log_odds.max()


def test_a_digit_read_for_a_letter_is_read_as_the_letter(matcher: Matcher) -> None:
    found = ranked(matcher, "CONCERN KALASHN1KOV")
    assert (
        found[0][0] == "kalashnikov" and found[0][1] > ranked(matcher, "CONCERN KALASHNXKOV")[0][1]
    )
    assert ranked(matcher, "JSC 560 Armored Repair Plant", "Company")[0][0] == "560"


def test_letters_that_a_scanner_took_for_others_are_read_anew_where_a_listed_name_has_the_word(
    matcher: Matcher,
) -> None:
    exact, misread, other = (
        ranked(matcher, f"560 {w} Repair Plant")[0] for w in ("Armored", "Arrnored", "Arksored")
    )
    assert exact[0] == misread[0] == "560" and exact[1] > misread[1] > other[1]


def test_words_without_their_vowels_are_found_by_their_consonants(matcher: Matcher) -> None:
    assert ranked(matcher, "KLSHNKV CNCRN")[0][0] == "kalashnikov"
    assert ranked(matcher, "Srgy Vktrvch PTKV", "Person")[0][0] == "pitikov"


@pytest.mark.parametrize(
    ("name", "schema", "party"),
    [
        ("АО Концерн «Калашников»", "Company", "kalashnikov"),
        ("Kalashnikov Concern JSC", None, "kalashnikov"),
        ("Oткрытое акционерное общество «Алмаз-Антей»", "Company", "almaz"),
        ("Путин Владимир Владимирович", "Person", "putin"),
        ("Vladimir V. Putin", "Person", "putin"),
        ("Сергей Викторович ПИТИКОВ", "Person", "pitikov"),
        ("哈德森技术公司", "Company", "hudson"),
        ("Almas Antej", "Company", "almaz"),
    ],
)
def test_the_right_party_comes_first(
    matcher: Matcher, name: str, schema: str | None, party: str
) -> None:
    assert ranked(matcher, name, schema)[0][0] == party


def test_numbers_keep_sister_plants_apart(matcher: Matcher) -> None:
    found = dict(ranked(matcher, "АО «560 БТРЗ»", "Company"))
    assert found["560"] > found["61"] + 1


def test_exact_hits_are_still_ordered(matcher: Matcher) -> None:
    """Three parties are called Vesna: the one written as asked comes first, the vessel last for a company."""
    found = ranked(matcher, "Vesna Limited", "Company")
    assert [p for p, _ in found[:2]] == ["vesna-as-written", "vesna-llc"]
    scores = [s for _, s in found]
    assert scores == sorted(scores, reverse=True) and scores[0] > scores[1]
    assert dict(found)["vesna"] < dict(found)["vesna-llc"]


def test_words_of_a_legal_form_bring_no_two_firms_together_where_the_list_says_no_kind() -> None:
    listed = NameIndex([Party("t", "Unknown", ("TAKSAN MAKINA SANAYI VE TICARET ANONIM SIRKETI",))])
    assert listed.party_class.tolist() == [ORGANISATION]
    assert not any(form for form in listed.tokens if form in ("anonim", "sirketi", "wirketi"))
    people = NameIndex([Party("p", "Unknown", ("KHINE Oo Oo",))])
    assert people.party_class.tolist() == [UNKNOWN]
    asked = readings("Aselsan Elektronik Sanayi ve Ticaret Anonim Sirketi", None, listed.vocabulary)
    assert {r.form.tokens for r in asked} == {
        r.form.tokens for r in readings(asked[0].text, "Company", listed.vocabulary)
    }


def test_a_person_is_no_vessel(matcher: Matcher) -> None:
    assert ranked(matcher, "VESNA", "Vessel")[0][0] == "vesna"


@pytest.mark.parametrize("name", ["", "   ", "...", "=", "\u202e", "()", "LLC"])
def test_names_without_content_are_answered_without_failing(matcher: Matcher, name: str) -> None:
    ranked(matcher, name)


def test_an_empty_index_answers_nothing() -> None:
    assert ranked(Matcher(NameIndex([])), "Kalashnikov") == []


def matched(listed: str, asked: str, schema: str = "LegalEntity") -> dict[str, float]:
    """Features of the best pair of an asked and a listed name."""
    pairs = Matcher(NameIndex([Party("1", schema, (listed,))])).pairs([NameQuery(asked, schema)])
    return dict(zip(NAMES, pairs.features[pairs.best_per_party()[0]].tolist(), strict=True))


def test_a_legal_form_alone_is_no_name_beside_others() -> None:
    assert _names([["Mikron", "primary", False], ["Акционерное общество", "alias", False]]) == (
        "Mikron",
    )
    assert _names([["I. ASH", "primary", False]]) == ("I. ASH",)


def test_what_a_name_comes_near_does_not_depend_on_the_names_asked_with_it() -> None:
    """``KMPRSSRI`` and ``KMPRSSRY`` are read alike, and only one of them has no vowels."""
    index = NameIndex([Party("0", "Company", ("Kompressor",)), Party("1", "Company", ("Other",))])
    together, apart = Matcher(index), Matcher(index)
    names = [NameQuery(name, "Company") for name in ("KMPRSSRI", "KMPRSSRY", "KMPRSSRI")]
    pairs = together.pairs(names)
    for n, name in enumerate(names):
        alone = Matcher(index).pairs([name])
        assert (
            alone.form.tolist()
            == apart.pairs([name]).form.tolist()
            == pairs.form[pairs.query == n].tolist()
        )


def test_an_initial_is_the_letter_that_is_written() -> None:
    assert matched("Naik Khalid", "NAIK, K.", "Person")["left_words"] == 0, (
        "Kh is one sound, its letter is K"
    )
    assert matched("Jo Chol Song", "JO C. S.", "Person")["left_words"] == 0
    assert matched("Naik Khalid", "NAIK, M.", "Person")["left_words"] == 1


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("NPP Start", "AO NPP Zvezda"),  # star
        ("Tula Arms Plant", "Tula Cartridge Works"),
        ("Sudostroitelnaya Korporatsiya", "Aviastroitelnaya Korporatsiya"),
    ],
)
def test_a_word_of_industry_is_no_misspelling_of_another(asked: str, listed: str) -> None:
    matcher = Matcher(NameIndex([Party("0", "Company", (listed,))]))
    pairs = matcher.pairs([NameQuery(asked, "Company")])
    left = pairs.features[:, NAMES.index("left_words")]
    assert (left >= 1).all()


def test_a_given_name_in_another_language_is_another_spelling_of_it_in_latin_letters() -> None:
    matcher = Matcher(NameIndex([Party("0", "Person", ("PATRUSHEV Nikolai",))]))
    agreement = [
        int(matcher.pairs([NameQuery(name, "Person")]).agreement.min())
        for name in ("Nikolay Patrushev", "Микола Патрушев", "Mykola Patrushev")
    ]
    assert agreement == [EXACT_NAME, EXACT_NAME, NEAR_NAME]


def test_another_number_is_another_work() -> None:
    one = matched("Arctic LNG 1", "Arctic LNG 2")
    assert one["numbers"] == 1 and matched("Arctic LNG 2", "Arctic LNG Second")["numbers"] == 0
    slope = chance().slope[1][expand(np.zeros((1, len(NAMES))))[1].index("numbers")]
    assert slope <= -4


def test_a_member_named_after_its_group_comes_first() -> None:
    names = ("Tactical Missiles Corporation JSC", "Joint Stock Company Ravenstvo")
    matcher = Matcher(NameIndex(Party(n, "LegalEntity", (n,)) for n in names))
    pairs = matcher.pairs(
        [NameQuery("Tactical Missiles Company, Joint Stock Company Ravenstvo", "LegalEntity")]
    )
    best = [matcher.index.ids[pairs.party[n]] for n in pairs.best_per_party()]
    assert best == [names[1], names[0]]


#: Features by which a score may only rise, or only fall.
BETTER = (
    "found",
    "same",
    "near",
    "cut",
    "contracted",
    "meant",
    "sound",
    "both_explained",
    "spelling",
    "written",
    "identical_written",
    "legal_same",
    "order",
)
WORSE = (
    "edits",
    "left",
    "left_words",
    "first_left",
    "listed_left",
    "clash",
    "part",
    "class_other",
    "legal_other",
    "numbers",
)


def test_better_agreement_never_lowers_a_score() -> None:
    rng = np.random.default_rng(3)
    base = rng.uniform(0, 1, size=(200, len(NAMES))).astype(np.float32)
    for name in (*BETTER, *WORSE):
        direction = 1 if name in BETTER else -1
        for step in (0.3, 5.0):
            more = base.copy()
            more[:, NAMES.index(name)] += step
            for kind in range(len(CLASSES)):
                who = np.full(len(base), kind)
                change = chance().log_odds(more, who) - chance().log_odds(base, who)
                assert (change * direction >= -1e-4).all(), name


def test_scores_have_no_ceiling() -> None:
    """A rarer exact name scores higher than a common exact name, however well both agree."""
    perfect = np.zeros((2, len(NAMES)), dtype=np.float32)
    for name in ("spelling", "written", "both_explained", "identical_written"):
        perfect[:, NAMES.index(name)] = 1
    perfect[:, NAMES.index("same")] = (20.0, 24.0)
    for kind in range(len(CLASSES)):
        low, high = chance().log_odds(perfect, np.full(2, kind))
        assert high > low


def test_every_column_belongs_to_a_named_feature() -> None:
    _, owners = expand(np.zeros((1, len(NAMES)), dtype=np.float32))
    assert set(owners) == set(NAMES)
    assert chance().slope.shape == (len(CLASSES), len(owners))


# -- on real names -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def benchmark(shared: Path) -> tuple[Matcher, list[dict], list[dict]]:
    folder = shared / "benchmarks/party_matching"
    parties = [
        json.loads(line) for line in (folder / "entities.jsonl").read_text("utf-8").splitlines()
    ]
    index = NameIndex(
        Party(
            p["id"],
            p["schema"],
            tuple(n for n in p["names"] if not re.search("[\u0370-\uffff]", n)),
        )
        for p in parties
        if p["id"].startswith("ofac-")
    )
    real = json.loads((folder / "queries_real.json").read_text("utf-8"))
    wanted = [
        q
        for q in real
        if not q["verbatim"]
        and q["schema"] != "Vessel"
        and any(t.startswith("ofac-") for t in q["target"])
    ]
    return Matcher(index), wanted, json.loads((folder / "queries_neg.json").read_text("utf-8"))


def answers(matcher: Matcher, queries: list[dict]) -> list[list[tuple[str, float]]]:
    out: list[list[tuple[str, float]]] = [[] for _ in queries]
    pairs = matcher.pairs([NameQuery(q["q"], q["schema"]) for q in queries])
    for n in pairs.best_per_party().tolist():
        out[int(pairs.query[n])].append(
            (matcher.index.ids[pairs.party[n]], float(pairs.log_odds[n]))
        )
    return out


def test_real_names_of_other_lists_are_found(
    benchmark: tuple[Matcher, list[dict], list[dict]],
) -> None:
    matcher, real, negative = benchmark
    found = answers(matcher, real)
    rank = [
        next((n for n, (p, _) in enumerate(a) if p in q["target"]), 999)
        for a, q in zip(found, real, strict=True)
    ]
    original = [q["kind"] == "real_orig_script" for q in real]
    assert np.mean([r == 0 for r in rank]) >= 0.86
    assert np.mean([r < 10 for r in rank]) >= 0.93
    assert np.mean([r == 0 for r, o in zip(rank, original, strict=True) if o]) >= 0.82
    clean = [a[0][1] if a else -99.0 for a in answers(matcher, negative)]
    threshold = np.quantile(clean, 0.99)
    detected = [r < 999 and a[r][1] > threshold for r, a in zip(rank, found, strict=True)]
    assert np.mean(detected) >= 0.80


@pytest.mark.parametrize(
    "other", ["LUKOIL OAO", "State Corporation Lukoil", "Lukoil (Oil Company of the State)"]
)
def test_a_listed_alias_counts_beside_a_longer_name_of_the_same_tokens(other: str) -> None:
    """What of a party's names is written as the query is compared, whichever of them stands first."""
    others = [p for p in LISTED if p.id.startswith("other")]
    alone = ranked(Matcher(NameIndex([Party("oil", "Company", ("LUKOIL",)), *others])), "Lukoil")[0]
    for names in ((other, "LUKOIL"), ("LUKOIL", other)):
        matcher = Matcher(NameIndex([Party("oil", "Company", names), *others]))
        assert ranked(matcher, "Lukoil")[0] == pytest.approx(alone)
        pairs = matcher.pairs([NameQuery("Lukoil", None)])
        assert matcher.index.names[int(pairs.form[pairs.best_per_party()[0]])] == "LUKOIL"


def test_names_of_the_same_tokens_take_one_place_among_the_candidates() -> None:
    """A party with very many spellings of one name crowds nobody out."""
    many = tuple(
        f"Vesna {legal}"
        for legal in ("LLC", "Ltd", "Limited", "OOO", "JSC", "Inc", "GmbH", "Corp", "AG")
    )
    crowd = [Party(f"crowd{n}", "Company", many) for n in range(6)]
    matcher = Matcher(NameIndex([*crowd, Party("last", "Company", ("Vesna Trading Vostok",))]))
    found = {
        matcher.index.ids[p] for p in matcher.pairs([NameQuery("Vesna", None)], every=True).party
    }
    assert "last" in found and len(found) == 7


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Igor Rotenberg", "ROTENBERG, Igor Arkadyevich"),
        ("Igor Arkadyevich Rotenberg", "ROTENBERG, Igor Arkadyevich"),
        ("Antonio Rodriguez", "RODRIGUEZ, Antonio"),
    ],
)
def test_a_persons_family_name_may_stand_first_or_last(asked: str, listed: str) -> None:
    matcher = Matcher(NameIndex([Party("p", "Person", (listed,))]))
    *given, family = asked.split()
    turned = " ".join([family, *given])
    one, other = (matcher.pairs([NameQuery(name, "Person")]) for name in (asked, turned))
    columns = [NAMES.index(name) for name in ("identical_written", "written", "spelling")]
    assert one.features[0, columns] == pytest.approx(other.features[0, columns], abs=1e-6)
    # Written as the list has it comes first of two entries of one person, by a little.
    assert 0 < float(other.log_odds.max()) - float(one.log_odds.max()) < 0.5


def test_another_order_than_a_turned_one_still_counts() -> None:
    matcher = Matcher(NameIndex([Party("p", "Person", ("Abdul Rahman Yasin",))]))
    right, wrong = (
        float(matcher.pairs([NameQuery(name, "Person")]).features[0, NAMES.index("order")])
        for name in ("Yasin Abdul Rahman", "Rahman Abdul Yasin")
    )
    assert right > 0.85 > wrong
