# SPDX-License-Identifier: Apache-2.0
"""What ships says what the publishers' whole files say: every claim, both dates, from either holdings."""

from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.holdings import Holdings, Store, embedded_folder
from bilat.holdings.pull import pull
from bilat.verdicts import judge


@pytest.fixture(scope="module")
def full(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    root = tmp_path_factory.mktemp("full")
    done = list(pull(list(sources().values()), Store(root), mirror=mirror))
    assert {d.status for d in done} == {"added"}, [d for d in done if d.status != "added"]
    return Holdings(root)


@pytest.mark.parametrize("as_of", ["2023-03-20", None])
def test_every_claim_is_judged_the_same_from_the_embedded_and_the_full_holdings(
    full: Holdings, as_of: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILAT_HOLDINGS", str(embedded_folder().parent / "none"))
    for ours, theirs in zip(judge(as_of=as_of), judge(as_of=as_of, holdings=full), strict=True):
        assert ours.id == theirs.id
        for mine, other in (
            (ours.when_written, theirs.when_written),
            (ours.current, theirs.current),
        ):
            assert (mine.answer, mine.sentence, mine.sure) == (
                other.answer,
                other.sentence,
                other.sure,
            ), ours.id
            assert [(e.id, e.side) for e in mine.evidence] == [
                (e.id, e.side) for e in other.evidence
            ], ours.id
        assert ours.sources == theirs.sources, ours.id
