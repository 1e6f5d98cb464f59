# SPDX-License-Identifier: Apache-2.0
"""The baskets are the published lists, and a user's own is read or refused."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from bilat.diversion.routes import label_of
from bilat.errors import DataError, UsageError
from bilat.goods.baskets import basket, splices, successors
from bilat.goods.descriptions import descriptions
from bilat.places.coalitions import coalitions, origins


def test_the_common_high_priority_list_is_the_published_one(mirror: Path) -> None:
    with (mirror / "reference/chpl_50_hs6.csv").open() as f:
        published = {r["hs6"]: r["tier"] for r in csv.DictReader(f)}
    assert basket("chpl").tiers == published and len(published) == 50
    assert set(basket("chpl").labels) == set(published)
    assert basket("chpl:1").codes == {"854231", "854232", "854233", "854239"}
    assert len(basket("chpl:4").codes) == sum(t.startswith("4") for t in published.values())


def test_the_eu_list_is_the_compiled_one(mirror: Path) -> None:
    with (mirror / "reference/eu_export_sanctions_cn8_jan2023.csv").open() as f:
        assert basket("eu-sanctioned").codes == {r["code"] for r in csv.DictReader(f)}


def test_civilian_goods_and_listed_goods_have_nothing_in_common() -> None:
    listed = {c[:6] for c in basket("eu-sanctioned").codes}
    assert not basket("civilian").choose(listed)
    assert basket("civilian").holds("300490")


def test_codes_that_the_revision_split_are_in_the_basket_under_their_earlier_code() -> None:
    chpl = basket("chpl")
    for later, earlier in (
        ("854151", "854150"),
        ("854159", "854150"),
        ("854800", "854890"),
        ("852589", "852580"),
        ("854149", "854140"),
        ("880730", "880330"),
    ):
        assert splices()[later] == earlier and later in successors()[earlier]
        assert chpl.holds(earlier) and chpl.tier(earlier) == chpl.tiers[later]
    assert chpl.holds("85423119") and not chpl.holds("010121")


def test_splices_join_ended_codes_with_new_ones_only(mirror: Path) -> None:
    with (mirror / "reference/harmonized-system.csv").open() as f:
        hs2022 = {r["hscode"] for r in csv.DictReader(f)}
    assert not set(successors()) & hs2022
    assert set(splices()) <= hs2022


def test_a_user_s_basket_is_read_and_a_wrong_one_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "drones"\ncodes = ["880621"]\nprefixes = ["8407"]\n[labels]\n880621 = "Small drones"\n'
    )
    found = basket(str(own))
    assert found.choose(["880621", "840734", "840810"]) == {"880621", "840734"}
    own2 = tmp_path / "wrong.toml"
    own2.write_text('codes = ["8806x"]\n')
    with pytest.raises(DataError, match="'8806x' is not an HS code"):
        basket(str(own2))
    with pytest.raises(UsageError, match="unknown list of goods"):
        basket("drones")
    with pytest.raises(UsageError, match="no tier '9'"):
        basket("chpl:9")


def test_the_descriptions_are_the_six_digit_rows_of_the_published_file(mirror: Path) -> None:
    about = tomllib.loads(resources.files("bilat.goods").joinpath("hs2022.toml").read_text("utf-8"))
    raw = (mirror / "reference/harmonized-system.csv").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == about["sha256"]
    rows = csv.DictReader(raw.decode("utf-8").splitlines())
    published = {r["hscode"]: r["description"].strip() for r in rows if r["level"] == "6"}
    del published["999999"]
    assert descriptions() == published and len(published) == about["codes"]


def test_goods_outside_a_basket_are_named_too() -> None:
    chpl = basket("chpl")
    assert label_of(chpl, "848210") == chpl.labels["848210"]
    assert label_of(chpl, "010121") == "Horses; live, pure-bred breeding animals"
    assert label_of(chpl, "01012100") == label_of(chpl, "010121")
    # 030510 ended with HS2022 and became 030910.
    assert label_of(chpl, "030510") == descriptions()["030910"]
    assert "030510" not in descriptions()
    assert label_of(chpl, "123456") == "HS 123456"


def test_coalitions_hold_their_members() -> None:
    assert Counter(map(len, coalitions()["COALITION"])) == {3: 38}
    assert len(coalitions()["EU27"]) == 27 and origins("EU27,Japan") == coalitions()["EU27"] | {
        "JPN"
    }
    with pytest.raises(UsageError, match="names no country"):
        origins(" ,")


def test_a_basket_file_that_was_edited_is_read_again(tmp_path: Path) -> None:
    """A notebook asks twice in one process, and its user edits the file between."""
    file = tmp_path / "mine.toml"
    file.write_text('codes = ["854231"]', "utf-8")
    assert basket(str(file)).codes == {"854231"}
    file.write_text('codes = ["848210"]', "utf-8")
    assert basket(str(file)).codes == {"848210"}


@pytest.mark.parametrize("excluded", ["0302", "030210", "without.toml"])
def test_goods_are_excluded_however_they_are_named(excluded: str, tmp_path: Path) -> None:
    """By a code, by how a code begins, or by another basket: never silently by none of them."""
    (tmp_path / "without.toml").write_text('prefixes = ["0302"]', "utf-8")
    if excluded.endswith(".toml"):
        excluded = str(tmp_path / excluded)
    own = tmp_path / "own.toml"
    own.write_text(f'prefixes = ["03", "04"]\nexcept = "{excluded}"\n', "utf-8")
    products = ["030110", "030210", "03021000", "040110"]
    assert basket(str(own)).choose(products) == {"030110", "040110"}
