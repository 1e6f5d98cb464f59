# SPDX-License-Identifier: Apache-2.0
"""A job that fails or is called off while it is made leaves nothing behind; a refusal travels with its status."""

import asyncio
import pickle
from pathlib import Path

import pytest

from bilat.server.jobs import Jobs
from bilat.server.refused import Declined


@pytest.mark.parametrize("raised", [ValueError("no"), asyncio.CancelledError(), KeyboardInterrupt()])
def test_a_job_that_ends_while_it_is_made_is_gone(raised: BaseException, tmp_path: Path) -> None:
    jobs = Jobs(None, 60)
    job = jobs.new("me", "screen", "names", {})
    with pytest.raises(type(raised)), jobs.or_none(job):
        (job.folder / "names.csv").write_text("name\n", "utf-8")
        raise raised
    assert not job.folder.exists()
    with pytest.raises(Declined):
        jobs.get(job.id, "me")
    jobs.close()


def test_a_refusal_travels_with_its_status_and_its_wait() -> None:
    there = pickle.loads(pickle.dumps(Declined(429, "too many", wait=7)))
    assert (there.status, there.wait, str(there)) == (429, 7, "too many")
