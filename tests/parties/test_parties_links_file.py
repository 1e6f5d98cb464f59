# SPDX-License-Identifier: Apache-2.0
"""Ownership from a file: aggregate, unknown and circular shares, on either side of a rule's dates."""

import json
from pathlib import Path

import pytest

from bilat.errors import DataError
from bilat.parties.answers.owner_file import owners
from bilat.parties.screening.list_index import open_screener
from bilat.when import AsOf


def ask(
    tmp_path: Path, links: str, as_of: str = "2024-01-01", lists: tuple[str, ...] = ("OFAC SDN",)
) -> dict:
    """The answer on F, where the parties A and B are listed under their LEI."""
    (tmp_path / "l.csv").write_text("owner,owned,low,high\n" + links, "utf-8")
    entries = [
        {"id": f"{key}-{n}", "names": [f"Werke {key}"], "ids": [f"lei:{key}"], "list": name}
        for key in "AB"
        for n, name in enumerate(lists)
    ]
    own = tmp_path / "own.jsonl"
    own.write_text("".join(json.dumps(e) + "\n" for e in entries), "utf-8")
    return owners(
        tmp_path / "l.csv", "F", open_screener([str(own)], None, None).screener, AsOf(as_of)
    )


def rule(answer: dict, name: str) -> dict:
    return next(r for r in answer["rules"] if r["rule"] == name)


def test_two_listed_owners_are_added_up_since_2014_and_not_before(tmp_path: Path) -> None:
    links = "A,F,30,30\nB,F,25,25\n"
    assert rule(ask(tmp_path, links), "OFAC 50 percent rule")["verdict"] == "covered"
    assert (
        rule(ask(tmp_path, links, "2013-01-01"), "OFAC, before aggregation")["verdict"]
        == "not covered"
    )


def test_an_unknown_share_cannot_be_told(tmp_path: Path) -> None:
    answer = ask(tmp_path, "A,F,,\n")
    assert rule(answer, "OFAC 50 percent rule")["verdict"] == "not known"
    assert (
        rule(answer, "OFAC 50 percent rule")["low"],
        rule(answer, "OFAC 50 percent rule")["high"],
    ) == (
        0,
        100,
    )


def test_no_chain_has_more_than_the_other_owners_leave(tmp_path: Path) -> None:
    answer = ask(tmp_path, "A,F,30,\nM,F,25,25\nB,M,60,60\n")
    chains = {p["chain"][0]: (p["low"], p["high"]) for p in answer["paths"]}
    assert chains == {"A": (30, 75), "B": (15, 15)}


def test_a_greatest_share_below_the_least_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"l\.csv: row 3: column high: value '50' is below the least share"
    ):
        ask(tmp_path, "A,F,10,10\nB,F,60,50\n")


def test_a_chain_is_shown_with_its_product(tmp_path: Path) -> None:
    answer = ask(tmp_path, "A,M,60,60\nM,F,50,50\nF,M,10,10\n")
    assert answer["paths"][0] == {"chain": ["A", "M", "F"], "low": 30.0, "high": 30.0}
    assert rule(answer, "OFAC 50 percent rule")["verdict"] == "covered"


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ("A,F,130,130\n", "row 2: column low"),
        ("A,G,10,10\n", "owned = 'F'"),
        ("A,F,５０,60\n", "row 2: column low"),
        ("A,F,10,1_0\n", "row 2: column high"),
        ("A,F,10,nan\n", "row 2: column high"),
        ("A,F,10,1e400\n", "row 2: column high"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, links: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        ask(tmp_path, links)


def test_a_party_on_two_lists_counts_under_both_and_control_is_said_not_to_be_tested(
    tmp_path: Path,
) -> None:
    answer = ask(tmp_path, "A,F,40,40\n", "2025-01-01", ("OFAC SDN", "EU 32014R0269"))
    assert (
        rule(answer, "OFAC 50 percent rule")["low"] == rule(answer, "EU, half or more")["low"] == 40
    )
    assert any("not tested" in n for n in answer["notes"])


# -- owners against the lists held ---------------------------------------------------------------------------


def of_lists(tmp_path: Path, links: str, firm: str = "Firm X") -> dict:
    (tmp_path / "l.csv").write_text("owner,owned,low,high\n" + links, "utf-8")
    return owners(
        tmp_path / "l.csv", firm, open_screener(None, None, None).screener, AsOf("2026-11-20")
    )


@pytest.mark.parametrize(
    "owner", ["PAO Sberbank", "Sberbank of Russia", "VTB Bank PJSC", "Rostec State Corporation"]
)
def test_an_owner_written_otherwise_than_listed_is_screened(tmp_path: Path, owner: str) -> None:
    """A listed name elsewhere in the file must not keep the other owners from being looked at."""
    answer = of_lists(tmp_path, f"{owner},Firm X,60,60\nDJI,Other,10,10\n")
    assert rule(answer, "OFAC 50 percent rule")["verdict"] == "covered"
    assert any(
        n.startswith(f"{owner} is ")
        and ("by its exact name" in n or "(match)" in n or "(likely)" in n)
        for n in answer["notes"]
    )


@pytest.mark.parametrize("owner", ["PSB"])
def test_a_name_below_likely_leaves_the_verdict_open_where_its_share_reaches(
    tmp_path: Path, owner: str
) -> None:
    ofac = rule(of_lists(tmp_path, f"{owner},Firm X,60,60\n"), "OFAC 50 percent rule")
    assert ofac["verdict"] == "not known" and owner in ofac["reason"]
    assert (ofac["low"], ofac["high"]) == (0, 60)
    ofac = rule(of_lists(tmp_path, f"{owner},Firm X,10,10\n"), "OFAC 50 percent rule")
    assert ofac["verdict"] == "not covered"
    links = f"{owner},Firm X,20,20\nPAO Sberbank,Firm X,30,30\n"
    assert rule(of_lists(tmp_path, links), "OFAC 50 percent rule")["verdict"] == "not known"


def test_an_exact_name_that_nobody_else_bears_is_counted_and_said(tmp_path: Path) -> None:
    answer = of_lists(tmp_path, "Rostec,Firm X,60,60\n")
    assert rule(answer, "OFAC 50 percent rule")["verdict"] == "covered"
    assert any(n.startswith("Rostec is ") and "by its exact name" in n for n in answer["notes"])


def test_owners_that_are_on_no_list_are_said_once(tmp_path: Path) -> None:
    answer = of_lists(
        tmp_path, "Grenzmark Wollhandel,Firm X,60,60\nNordsee Tuchhaus,Firm X,40,40\n"
    )
    assert rule(answer, "OFAC 50 percent rule")["verdict"] == "not covered"
    (note,) = [n for n in answer["notes"] if "not found on the lists" in n]
    assert "Grenzmark Wollhandel" in note and "Nordsee Tuchhaus" in note


def test_a_rule_of_which_no_list_is_held_cannot_be_told(tmp_path: Path) -> None:
    answer = of_lists(tmp_path, "Grenzmark Wollhandel,Firm X,60,60\n")
    for name in ("EU, half or more", "UK, more than half"):
        assert rule(answer, name)["verdict"] == "not covered"
    for name in ("Switzerland, more than half", "UN, owned or controlled"):
        assert rule(answer, name)["verdict"] == "not known"
        assert "we have none of its lists" in rule(answer, name)["reason"]


def test_a_firm_by_a_short_alias_is_not_listed_for_certain(tmp_path: Path) -> None:
    answer = of_lists(tmp_path, "Grenzmark Wollhandel,Eta,60,60\n", "Eta")
    assert rule(answer, "OFAC 50 percent rule")["verdict"] == "not known"
    assert any("EUZKADI TA ASKATASUNA" in n and "is unknown" in n for n in answer["notes"])


def test_a_sure_name_is_counted_and_its_band_is_said(tmp_path: Path) -> None:
    answer = of_lists(tmp_path, "Sechin Igor Ivanovich,Firm X,100,100\n")
    assert any(
        "Sechin Igor Ivanovich is " in n and "by its exact name" in n for n in answer["notes"]
    )
    assert any("a name alone does not identify a party" in n for n in answer["notes"])


def test_an_owner_of_a_common_name_is_not_counted_as_listed(tmp_path: Path) -> None:
    answer = of_lists(tmp_path, "Wang Wei,Firm X,100,100\n")
    assert not any("MATCH" in n or "LIKELY" in n.replace("UNLIKELY", "") for n in answer["notes"])
    assert all(r["verdict"] not in ("listed", "covered") for r in answer["rules"])


def test_the_reason_names_the_listed_parties_that_a_verdict_rests_on(tmp_path: Path) -> None:
    ofac = rule(
        of_lists(tmp_path, "Rostec,Firm X,60,60\nPSB,Firm X,10,10\n"), "OFAC 50 percent rule"
    )
    assert ofac["verdict"] == "covered" and "Rostec is Rostec (jp-mof-28-46)" in ofac["reason"]
    assert "PSB may be " in ofac["reason"] and " more" in ofac["reason"]
