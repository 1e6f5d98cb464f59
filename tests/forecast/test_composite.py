# SPDX-License-Identifier: Apache-2.0
"""The index is never without its band, and its shares are those of a function whose shares are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from bilat.cli import main
from bilat.errors import UsageError
from bilat.forecast.composite import CHOICES, Banded, Composite, composite, sobol
from bilat.picture.compare_page import index_page


def test_shares_of_a_sum_and_of_a_product_are_the_known_ones() -> None:
    def run(u: np.ndarray) -> np.ndarray:
        return np.stack([u[:, 0] + 2 * u[:, 1], (u[:, 0] - 0.5) * (u[:, 1] - 0.5)], axis=1)

    values, made = sobol(run, {"a": [0], "b": [1]}, 2, 2048, 1)
    variance = values.var(axis=0)
    alone = {k: v[0] / variance for k, v in made.items()}
    whole = {k: v[1] / variance for k, v in made.items()}
    assert alone["a"][0] == pytest.approx(0.2, abs=0.02) and alone["b"][0] == pytest.approx(0.8, abs=0.02)
    assert whole["a"][0] == pytest.approx(0.2, abs=0.02) and whole["b"][0] == pytest.approx(0.8, abs=0.02)
    assert alone["a"][1] == pytest.approx(0, abs=0.03) and whole["a"][1] == pytest.approx(1, abs=0.05)


def test_an_index_without_a_band_is_refused() -> None:
    with pytest.raises(UsageError, match="no band"):
        Banded(2020, float("nan"), 0.5, 0.6, ("arms",))
    with pytest.raises(UsageError, match="no band"):
        Banded(2020, 0.6, 0.5, 0.7, ("arms",))


@pytest.fixture(scope="module")
def two() -> Composite:
    return composite([("RUS", "CHN"), ("USA", "JPN")], "2021-06-01", draws=128)


def test_every_year_has_a_band_and_nothing_is_later_than_the_date(two: Composite) -> None:
    for i in two.indices:
        assert i.years and all(0 <= y.low <= y.middle <= y.high <= 1 for y in i.years)
        assert max(y.year for y in i.years) <= 2021
        assert all(len(y.parts) >= 2 for y in i.years)
        assert [s.choice for s in i.shares] == list(CHOICES)
        assert all(s.first <= s.total + 0.15 for s in i.shares)
        assert sum(s.total for s in i.shares) >= 0.9
    assert any(y.high - y.low > 0.1 for y in two.indices[0].years)
    (above,) = two.above
    assert above[:2] == ("RUS-CHN", "USA-JPN") and 0 <= above[3] <= 1
    # what only one of the two can be asked is left out for both
    assert "exercises" not in {p.id for p in two.parts}


def test_the_same_seed_gives_the_same_index(two: Composite) -> None:
    again = composite([("RUS", "CHN"), ("USA", "JPN")], "2021-06-01", draws=128)
    assert again.to_json() == two.to_json()
    with pytest.raises(UsageError, match="each pair once"):
        composite([("RUS", "CHN"), ("CHN", "RUS")])


def test_the_verb_and_the_page(
    two: Composite, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bilat.forecast.composite.composite", lambda *_, **__: two)
    page = tmp_path / "index.html"
    with pytest.raises(SystemExit):
        main(["index", "RUS", "CHN", "--with", "USA", "JPN", "--page", str(page)])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80 and "90% band" in out
    assert page.read_text("utf-8") == index_page(two) and "<svg" in index_page(two)
    # a part that was replaced once an output had been seen says so wherever the parts are named
    for told in (" ".join(out.split()), index_page(two)):
        assert "in place of all alliance treaties, after the first output was seen" in told
    twin = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert all(y["low"] <= y["index"] <= y["high"] for i in twin["indices"] for y in i["years"])


def test_pairs_made_of_other_parts_are_not_set_above_each_other() -> None:
    # of India and Pakistan the register has no delivery and no list their agreement; of China and North Korea both
    found = composite([("IND", "PAK"), ("CHN", "PRK")], "2026-11-01", draws=64)
    parts = [i.years[-1].parts for i in found.indices]
    assert parts[0] != parts[1] and found.above == ()
    assert found.missing[-1].startswith("IND-PAK beside CHN-PRK: no year in which the same parts")
