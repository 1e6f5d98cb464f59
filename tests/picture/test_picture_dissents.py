# SPDX-License-Identifier: Apache-2.0
"""Dissents stand on the pages of the site and in their JSON; what is marked above the site is in none of its bytes."""

import json
from pathlib import Path

from made_up_team import MOMENT, team
from picture_made_up import NOW, PAIR, judge_made_up

from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.picture import brief
from bilat.terminal.picture import plain


def test_a_site_of_a_team(held: Holdings, tmp_path: Path) -> None:
    t = team(tmp_path / "team", claims={"P8": "AMBER"})
    for claim, why, marking in (
        ("I6", "two <b>series</b> only", "GREEN"), ("I6", "zq-planted", "GREEN REL EST"), ("P8", "zq-planted", "CLEAR"),
    ):  # fmt: skip
        t.dissent_log.add(claim, "in part", why, "Ann", as_of="2025-01-01", marking=marking, when=MOMENT)
    few = lambda *asked: [j for j in judge_made_up(*asked) if j.id in ("I6", "P8", "P11")]  # noqa: E731
    made = brief(PAIR, NOW, tmp_path / "site", held, judge=few, routes=(), team=t, marking=Marking("GREEN"))
    page = (tmp_path / "site" / "claims" / "I6.html").read_text("utf-8")
    assert "Two &lt;b&gt;series&lt;/b&gt; only." in page and page.count("TLP:GREEN") >= 3
    twin = json.loads((tmp_path / "site" / "claims" / "I6.json").read_text("utf-8"))
    assert "two <b>series</b> only" in json.dumps(twin)
    index = json.loads((tmp_path / "site" / "index.json").read_text("utf-8"))
    assert index["marking"] == "TLP:GREEN" and [c["id"] for c in index["claims"]] == ["I6", "P11"]
    assert not (tmp_path / "site" / "claims" / "P8.html").exists()
    for path in (tmp_path / "site").rglob("*"):
        assert not path.is_file() or (
            b"zq-planted" not in path.read_bytes() and b"claims/P8" not in path.read_bytes()
        )
    assert "Dissent by Ann as of 2025-01-01 (TLP:GREEN): mixed; two <b>series</b> only." in " ".join(
        plain(made).split()
    )
