# SPDX-License-Identifier: Apache-2.0
"""A log of records that carry hashes: what is written can be read again."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bilat.errors import DataError
from bilat.files.hash_log import GENESIS, LONGEST_RECORD, HashLog


@dataclass(frozen=True)
class Remark:
    """A record of the made-up log."""

    text: str
    previous: str = GENESIS


class RemarkLog(HashLog[Remark]):
    """A made-up log."""

    kind = Remark
    noun = "a remark"


def test_a_record_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    log = RemarkLog(tmp_path / "remarks.jsonl")
    log.write(lambda previous: Remark("short", previous))
    before = log.path.read_bytes()
    with pytest.raises(DataError, match="too long"):
        log.write(
            lambda previous: Remark("also short", previous),
            lambda previous: Remark("x" * LONGEST_RECORD, previous),
        )
    assert log.path.read_bytes() == before
    assert [remark.text for remark in log.entries()] == ["short"]


@pytest.mark.parametrize("spare", [0, 1])
def test_the_longest_record_is_read_again(tmp_path: Path, spare: int) -> None:
    log = RemarkLog(tmp_path / "remarks.jsonl")
    log.write(lambda previous: Remark("", previous))
    empty = len(log.path.read_bytes())
    log.path.unlink()
    longest = LONGEST_RECORD - empty - spare
    log.write(lambda previous: Remark("x" * longest, previous))
    assert [len(remark.text) for remark in log.entries()] == [longest]
