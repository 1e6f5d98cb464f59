# SPDX-License-Identifier: Apache-2.0
"""A job that fails or is called off while it is made leaves nothing behind; a refusal travels with its status."""

import asyncio
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bilat.server.jobs import MOST, Job, Jobs
from bilat.server.lanes import Task, Turns
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


def begun(jobs: Jobs, owner: str, ended: float | None) -> Job:
    job = jobs.new(owner, "screen", "names", {})
    job.task = Task("screen_file", {}, 60, asyncio.new_event_loop().create_future(), owner=owner, ended=ended)
    return job


def test_time_counts_from_the_end_and_what_works_is_never_deleted() -> None:
    jobs = Jobs(None, 60)
    now = time.monotonic()
    works, fresh, old = (begun(jobs, "ann", at) for at in (None, now - 30, now - 61))
    works.made -= 10_000
    jobs.forget()
    assert jobs.get(works.id, "ann") and jobs.get(fresh.id, "ann")
    with pytest.raises(Declined):
        jobs.get(old.id, "ann")
    jobs.close()


def test_one_readers_files_take_nothing_from_another() -> None:
    jobs = Jobs(None, 60)
    bob = begun(jobs, "bob", None)
    own = [begun(jobs, "ann", None) for _ in range(MOST)]
    with pytest.raises(Declined, match="worked on"):
        jobs.new("ann", "screen", "names", {})
    own[3].task.ended = time.monotonic()  # type: ignore[union-attr]
    jobs.new("ann", "screen", "names", {})
    assert jobs.get(bob.id, "bob") and not own[3].folder.exists() and own[0].folder.exists()
    jobs.close()


def test_what_a_killed_server_left_is_swept_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    script = "import time; from bilat.server.jobs import Jobs; print(Jobs(None, 60).root, flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "TMPDIR": str(tmp_path)})  # fmt: skip
    assert child.stdout is not None
    left = Path(child.stdout.readline().strip())
    (left / "clients.csv").write_text("name\n", "utf-8")
    beside = Jobs(None, 60)
    assert left.exists(), "a server that runs keeps its files"
    child.kill()
    child.wait()
    child.stdout.close()
    again = Jobs(None, 60)
    assert not left.exists() and beside.root.exists()
    beside.close()
    again.close()


def test_readers_take_turns() -> None:
    async def order() -> list[str]:
        queue = Turns(20)
        loop = asyncio.get_running_loop()
        for owner in "aaaabbc":
            queue.put_nowait(Task(owner, {}, 1, loop.create_future(), owner=owner))
        expected = [t.name for t in queue.order()]
        assert [queue.get_nowait().name for _ in range(3)] == expected[:3]
        queue.put_nowait(Task("d", {}, 1, loop.create_future(), owner="d"))
        return [*expected, queue.get_nowait().name]

    assert asyncio.run(order()) == [*"abcabaa", "d"]
