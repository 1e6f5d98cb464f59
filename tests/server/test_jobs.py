# SPDX-License-Identifier: Apache-2.0
"""Jobs lie on disk with owner, state and expiry; a restart goes on with them; a refusal travels with its status."""

import asyncio
import datetime as dt
import json
import pickle
import time
from pathlib import Path

import pytest

from bilat.errors import DataError, UsageError
from bilat.parties.decisions.log import DecisionLog
from bilat.server.desk import Desk
from bilat.server.jobs import DAY, MOST, STATE, TRIES, Job, Jobs
from bilat.server.lanes import Task, turn
from bilat.server.queue import standing
from bilat.server.refusals import Refusal
from bilat.server.settings import Settings
from bilat.server.work import ALERTS


@pytest.mark.parametrize(
    "raised", [ValueError("no"), asyncio.CancelledError(), KeyboardInterrupt()]
)
def test_a_job_that_ends_while_it_is_made_is_gone(raised: BaseException, tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 60)
    job = jobs.new("me", "screen", "names", [])
    with pytest.raises(type(raised)), jobs.deleted_on_error(job):
        (job.folder / "names.csv").write_text("name\n", "utf-8")
        raise raised
    assert not job.folder.exists()
    with pytest.raises(Refusal):
        jobs.get(job.id, "me")
    jobs.close()


def test_a_refusal_travels_with_its_status_and_its_wait() -> None:
    there = pickle.loads(pickle.dumps(Refusal(429, "too many", wait=7)))
    assert (there.status, there.wait, str(there)) == (429, 7, "too many")


def sent(jobs: Jobs, owner: str, ended: float | None = None) -> Job:
    """A job with its upload, ended some seconds ago; None: not ended."""
    job = jobs.new(owner, "screen", "names", [("top", "3")])
    job.sent = "names.csv"
    (job.folder / "names.csv").write_text("name\nVTB Bank\n", "utf-8")
    job.write()
    if ended is not None:
        jobs.finish(job, says=["1 alert"])
        job.ended = time.time() - ended
        job.write()
    return job


def test_time_counts_from_the_end_and_what_works_is_never_deleted(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 60)
    works, fresh, old = sent(jobs, "ann"), sent(jobs, "ann", 30), sent(jobs, "ann", 61)
    works.made -= 10_000
    assert (
        jobs.get(works.id, "ann").status == "waiting" and jobs.get(fresh.id, "ann").status == "done"
    )
    with pytest.raises(Refusal):
        jobs.get(old.id, "ann")
    assert not old.folder.exists()
    jobs.close()


def test_a_result_is_kept_as_long_as_its_reader_says(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 60)
    ever, day = sent(jobs, "ann", 0), sent(jobs, "ann", 0)
    jobs.keep(ever, "until I delete it")
    jobs.keep(day, "a day")
    with pytest.raises(UsageError, match="is kept for"):
        jobs.keep(day, "a century")
    for job, ago in ((ever, 10**9), (day, 86_300)):
        job.ended = time.time() - ago
        job.write()
    jobs.close()
    again = Jobs(tmp_path, 60)
    assert {j.id for j in again.of("ann")} == {ever.id, day.id}
    again.get(day.id, "ann").ended = time.time() - 86_500
    assert [j.id for j in (again.forget() or again.of("ann"))] == [ever.id]
    again.close()


ALERT = {"query": "VTB Bank", "party": "ofac-17013", "asked": {}, "flags": []}
TWINS = [{**ALERT, "asked": {"born": year}} for year in ("1952", "1971")]


def screening(jobs: Jobs, alerts: list[dict], days_ago: float) -> Job:
    """A screening that was done some days ago."""
    job = sent(jobs, "ann", days_ago * DAY)
    job.made = time.time() - days_ago * DAY - 60
    job.write()
    lines = "".join(json.dumps(alert) + "\n" for alert in alerts)
    (job.out / ALERTS).write_text(lines, "utf-8")
    return job


def decide(log: Path, *, days_ago: float, verdict: str = "true", **known: str) -> None:
    when = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago)
    subject = (ALERT["query"], ALERT["party"])
    DecisionLog(log).add(*subject, verdict, "looked", "ann", known=known, when=when)


def desk_on(folder: Path, log: Path | None) -> Desk:
    return Desk(Settings(cache=folder / "cache", keep=folder / "kept", decisions=log))


def test_a_queue_lives_until_a_day_after_its_last_decision_through_restarts(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    desk = desk_on(tmp_path, log)
    job = screening(desk.jobs, TWINS, days_ago=40)
    nothing = screening(desk.jobs, [], days_ago=0.5)
    assert desk.jobs.deleted_at(nothing) == nothing.ended + DAY
    decide(log, days_ago=30, born="1952")
    decide(log, days_ago=20, born="1971", verdict="unresolved")
    desk.jobs.close()

    again = desk_on(tmp_path, log)
    found = again.jobs.get(job.id, "ann")
    assert [d is None for d in standing(found, again.decisions())] == [False, True]
    assert again.jobs.deleted_at(found) is None
    decide(log, days_ago=0.9, born="1971", verdict="false")
    ends = again.jobs.deleted_at(again.jobs.get(job.id, "ann"))
    assert ends == pytest.approx(time.time() + 0.1 * DAY, abs=5)
    again.jobs.close()

    log.unlink()
    decide(log, days_ago=30, born="1952")
    decide(log, days_ago=1.1, born="1971")
    last = desk_on(tmp_path, log)
    with pytest.raises(Refusal, match="no such result"):
        last.jobs.get(job.id, "ann")
    assert last.jobs.get(nothing.id, "ann")
    last.jobs.close()


def test_a_queue_outlives_a_damaged_log_and_a_server_that_takes_no_decisions(
    tmp_path: Path,
) -> None:
    log = tmp_path / "decisions.jsonl"
    desk = desk_on(tmp_path, log)
    job = screening(desk.jobs, [ALERT], days_ago=40)
    decide(log, days_ago=30)
    log.write_text(log.read_text("utf-8").replace("looked", "altered") * 2, "utf-8")
    assert desk.jobs.get(job.id, "ann")
    desk.jobs.close()
    without = desk_on(tmp_path, None)
    assert without.jobs.get(job.id, "ann") and without.jobs.deleted_at(job) is None
    other = sent(without.jobs, "bob", 1)
    assert without.jobs.deleted_at(other) == other.ended + without.jobs.seconds
    with pytest.raises(UsageError, match="is kept for"):
        without.jobs.keep(other, "until all is decided, and a day")
    without.jobs.close()


def test_an_earlier_decision_that_no_longer_holds_leaves_its_alert_open(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    desk = desk_on(tmp_path, log)
    decide(log, days_ago=3, verdict="false")
    expired = {**ALERT, "flags": [{"flag": "decision_expired", "says": "", "rule": "", "url": ""}]}
    job = screening(desk.jobs, [expired, ALERT], days_ago=2)
    assert [d is None for d in standing(job, desk.decisions())] == [True, False]
    decide(log, days_ago=1, verdict="false")
    assert [d is None for d in standing(job, desk.decisions())] == [False, False]
    desk.jobs.close()


def test_one_readers_files_take_nothing_from_another(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 60)
    bob = sent(jobs, "bob")
    own = [sent(jobs, "ann") for _ in range(MOST)]
    with pytest.raises(Refusal, match="being processed"):
        jobs.new("ann", "screen", "names", [])
    with pytest.raises(Refusal, match="no such result"):
        jobs.get(own[0].id, "bob")
    jobs.finish(own[3])
    jobs.keep(own[3], "a month")
    with pytest.raises(
        Refusal, match="or kept"
    ):  # what a reader asked to keep makes no room either
        jobs.new("ann", "screen", "names", [])
    jobs.finish(own[4])
    jobs.new("ann", "screen", "names", [])
    assert jobs.get(bob.id, "bob") and not own[4].folder.exists() and own[3].folder.exists()
    jobs.close()


def test_a_start_goes_on_with_what_was_not_done_and_sweeps_what_is_not_whole(
    tmp_path: Path,
) -> None:
    jobs = Jobs(tmp_path, 60)
    waits, done, over, lost, often = (sent(jobs, "ann", e) for e in (None, 5, 100, None, None))
    (lost.folder / "names.csv").unlink()
    often.tries = TRIES
    often.write()
    part, torn = jobs.new("ann", "screen", "arriving", []), sent(jobs, "ann")
    (part.folder / "clients.csv").write_text("name\n", "utf-8")
    (torn.folder / STATE).write_text('{"owner": "ann"', "utf-8")
    with pytest.raises(DataError, match="another server keeps its results there"):
        Jobs(tmp_path, 60)
    jobs.close()
    again = Jobs(tmp_path, 60)
    assert [j.id for j in again.unfinished()] == [waits.id]
    assert again.get(waits.id, "ann").asked == [("top", "3")]
    assert again.get(done.id, "ann").says == ["1 alert"]
    for job in (lost, often):
        found = again.get(job.id, "ann")
        assert found.status == "failed" and "the server was stopped" in found.error
    assert not any(j.folder.exists() for j in (over, part, torn))
    assert not list(tmp_path.rglob("clients.csv"))
    again.close()


def test_an_upload_is_gone_when_its_job_is_over(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, 60)
    job = sent(jobs, "ann")
    jobs.finish(job, DataError("row 2 has no name", file=job.upload))
    assert job.status == "failed" and job.error == "names.csv: row 2 has no name"
    assert not list(tmp_path.rglob("names.csv"))
    jobs.close()


def test_readers_take_turns() -> None:
    loop = asyncio.new_event_loop()
    waiting = [
        Task(f"{o}{n}", {}, 1, loop.create_future(), owner=o) for n, o in enumerate("aaaabbcd")
    ]
    served, order = {"d": 1, "a": 2}, []
    while waiting:
        order.append(turn(waiting, served))
        waiting.remove(order[-1])
        served[order[-1].owner] = 10 + len(order)
    assert [t.name for t in order] == ["b4", "c6", "d7", "a0", "b5", "a1", "a2", "a3"]
    loop.close()


def test_a_start_ends_what_can_no_longer_be_asked(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path / "kept", 60)
    job, other = sent(jobs, "ann"), sent(jobs, "ann")
    job.asked, other.kind = [("no_such_field", "1")], "no such verb"
    job.write()
    other.write()
    jobs.close()

    async def started() -> list[tuple[str, str]]:
        desk = Desk(Settings(cache=tmp_path / "cache", keep=tmp_path / "kept"))
        desk.start()
        found = [
            (desk.jobs.get(j.id, "ann").status, desk.jobs.get(j.id, "ann").error)
            for j in (job, other)
        ]
        await desk.close()
        return found

    (one, two) = asyncio.run(started())
    assert one[0] == two[0] == "failed" and "no_such_field" in one[1] and two[1]
    assert not list(tmp_path.rglob("names.csv"))
