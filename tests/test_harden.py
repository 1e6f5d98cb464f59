# SPDX-License-Identifier: Apache-2.0
"""Short forms of ``make harden``: a few kills, a few damaged files of every reader that a person uses, every server."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import harden_fuzz
import harden_http
import harden_kills
import harden_people
import pytest
from harden_child import done

Harness = Callable[[Path, int, Random], list[str]]


@pytest.fixture(autouse=True)
def _own_holdings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "holdings"))


@pytest.mark.parametrize(
    ("harness", "many"),
    [
        (harden_kills.kills_in_pull, 2),
        (harden_kills.kills_in_screen, 2),
        (harden_kills.kills_in_decide, 4),
        (harden_kills.full_disks, 3),
        (harden_kills.permissions, 1),
        (harden_people.upgraded, 1),
        (harden_kills.two_writers, 1),
        (harden_kills.twenty_writers, 1),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_nothing_is_lost_and_nothing_is_silent(tmp_path: Path, harness: Harness, many: int) -> None:
    assert harness(tmp_path / "work", many, Random("a test")) == []


def test_what_people_do_to_a_file_is_told_from_a_new_edition(tmp_path: Path) -> None:
    """What is saved again is the same edition; what a person would not believe is not taken in, or is told as such."""
    total, by_deed, taken = harden_people.people(tmp_path, 12, Random("a test"))
    assert sum(total.values()) >= 6 and len(taken) == total["read otherwise"] <= 3
    assert all(
        set(v) <= {"unchanged"}
        for k, v in by_deed.items()
        if k in ("saved with CRLF", "rows in another order")
    )


@pytest.mark.parametrize(
    "name",
    sorted(set(harden_http.WAYS) - {"silence", "a byte at a time", "headers a byte at a time"}),
)
def test_a_download_leaves_the_file_whole_or_nothing(tmp_path: Path, name: str) -> None:
    assert harden_http.wrong_with(name, tmp_path / "d") == ""


@pytest.mark.parametrize(
    "prefix", ["list/", "names/", "owners/", "decisions/", "sipri_register/", "un_sc/"]
)
def test_a_damaged_file_is_read_or_refused_in_one_line(tmp_path: Path, prefix: str) -> None:
    tried = [t for t in harden_fuzz.targets() if t.name.startswith(prefix)]
    assert tried
    for target in tried:
        counts, faults = harden_fuzz.fuzzed(target, 4, 3, tmp_path)
        assert not faults and sum(counts.values()) == 4


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("vdem_constraints_v9/vdem_legcon_jucon_1960_2018.csv.gz", "11.39"),
        ("vdem_polyarchy_v15/vdem_simple.csv.gz", "11.32"),
        ("vdem_rule_of_law_v15/vdem_v15_extract_1789_2024.csv", "11.90"),
    ],
)
def test_what_a_long_run_found_stays_mended(name: str, seed: str, tmp_path: Path) -> None:
    (target,) = (t for t in harden_fuzz.targets() if t.name == name)
    counts, faults = harden_fuzz.tried(target, [seed], tmp_path)
    assert not faults and counts["refused"] == 1


def test_the_harness_sees_a_reader_that_falls_over(tmp_path: Path) -> None:
    def bad(path: Path) -> str:
        raw = path.read_bytes()
        if raw != b"sound":
            raise KeyError(raw)
        return "sound"

    counts, faults = harden_fuzz.fuzzed(
        harden_fuzz.Target("bad", "bad.txt", b"sound", bad), 3, 1, tmp_path
    )
    assert counts["traceback"] == 3 and len(faults) == 3


def test_the_harness_sees_a_child_that_is_ended(tmp_path: Path) -> None:
    import os

    assert done(os.abort, tmp_path).code == -6 and not done(os.abort, tmp_path).one_line
