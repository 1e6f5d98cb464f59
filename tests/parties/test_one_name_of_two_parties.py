# SPDX-License-Identifier: Apache-2.0
"""One exact name that lists give to two parties: an answer names both and says that it names both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bilat.formats.parties import ListedParty, Listing, Name
from bilat.parties.answers.screen import TYPED_RATE, screen
from bilat.parties.answers.screening_answer import verdict
from bilat.parties.lists.entries import ListEntry
from bilat.parties.match.bearers import is_public_body
from bilat.parties.names.forms import forms
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener


def entry(key: str, *names: str) -> ListEntry:
    own, *others = names
    party = ListedParty(
        key,
        "Company",
        (Name(own), *(Name(name, "alias") for name in others)),
        "line 1",
        countries=("RU",),
        listings=(Listing("OFAC SDN", "P"),),
    )
    return ListEntry(party, "ofac", "s" * 64, "2024-01-01")


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(
        [
            entry("ofac-1", "Bank Rossiya", "Bank of Russia", "AB Rossiya, OAO"),
            entry(
                "ofac-2", "Central Bank of the Russian Federation", "Bank of Russia", "Банк России"
            ),
            entry("ofac-3", "Kamaz", "PJSC Kamaz"),
            entry("ofac-4", "KAMAZ PTC", "Kamaz"),
            entry("ofac-5", "Zvezdar Complex named after G.A. Illienko"),
            entry("ofac-6", "Illienko Zvezdar Works", "Комплекс Звездар имени Г.А. Ильенко"),
        ]
    )


def typed(screener: Screener, name: str) -> list[Alert]:
    cut = Cut(typed=True, base_rate=TYPED_RATE)
    return rows_of(screener, [Query("", name, 0)], cut)[0].rows


def test_both_parties_of_one_exact_name_are_named(screener: Screener) -> None:
    rows = typed(screener, "Bank of Russia")
    said = str(verdict(rows, ""))
    assert "The name is exactly that of two listed parties: " in said
    assert "Bank Rossiya" in said and "Central Bank of the Russian Federation" in said
    assert {f["flag"] for row in rows[:2] for f in row.flags} >= {"same_name"}


def test_one_party_under_two_spellings_is_one(screener: Screener) -> None:
    said = str(verdict(typed(screener, "Kamaz"), ""))
    assert "The name is exactly that of Kamaz" in said or "of KAMAZ PTC" in said


def test_a_name_with_another_ending_is_not_exact(screener: Screener) -> None:
    first, *others = typed(screener, "Банк России")
    assert first.name == "Central Bank of the Russian Federation"
    assert "exact" not in {row.agreement.kind for row in others}
    assert typed(screener, "Банк Россия")[0].name == "Bank Rossiya"


def test_another_spelling_in_latin_letters_is_no_mistake(screener: Screener) -> None:
    first, *_ = typed(screener, "Zvezdar Complex named after G.A. Ilenko")
    assert first.name == "Zvezdar Complex named after G.A. Illienko"


def test_a_consignment_names_both(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = []
    path = tmp_path / "in.csv"
    path.write_text("Consignee,Bank\nAlmaty Trade House LLP,Bank of Russia\n", "utf-8")
    screen(path, emit=rows.append)
    said = rows[0]["consignment"]
    assert "the same name" in said
    assert "Bank Rossiya" in said and "Central Bank of the Russian Federation" in said


@pytest.mark.parametrize(
    ("name", "is_public"),
    [("Bank of Russia", True), ("National Bank of Ukraine", True), ("Alfa Bank", False)],
)
def test_no_register_of_companies_has_the_bank_of_a_state(name: str, is_public: bool) -> None:
    assert is_public_body(forms(name, False)[0].tokens) == is_public


def test_an_id_with_a_line_break_is_found_as_a_form_gives_it() -> None:
    screener = Screener([entry("ca-Russia-Bank X (also\nknown as X)", "Bank X")])
    assert screener.by_id("ca-Russia-Bank X (also known as X)")["name"] == "Bank X"
