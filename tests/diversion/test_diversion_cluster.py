# SPDX-License-Identifier: Apache-2.0
"""A real standalone Spark cluster on loopback gives the rows that DuckDB gives."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from missing_parts import need
from worlds.first import World, simulate

from bilat.diversion.search import divert

pytestmark = pytest.mark.cluster


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    for _ in range(int(seconds * 5)):
        assert process.poll() is None, "the Spark process ended before it listened"
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"nothing listened on port {port} within {seconds:.0f} s")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One master and two workers of one core each; only these processes are ended."""
    try:
        import pyspark
    except ImportError:
        pyspark = None  # type: ignore[assignment]
    need(pyspark is not None and shutil.which("java") is not None, "pyspark with Java")
    home = Path(pyspark.__file__).parent
    work = tmp_path_factory.mktemp("spark")
    env = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
    port = free_port()
    launch = [str(home / "bin" / "spark-class")]
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        log = (work / f"{len(started)}.log").open("wb")
        started.append(subprocess.Popen([*launch, *words], env=env, stdout=log, stderr=log, cwd=work))
        return started[-1]

    before = os.environ.get("SPARK_LOCAL_IP")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    try:
        master = start(
            "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port),
            "--webui-port", str(free_port()),
        )  # fmt: skip
        wait(port, master)
        for n in range(2):
            start(
                "org.apache.spark.deploy.worker.Worker", f"spark://127.0.0.1:{port}", "-c", "1", "-m", "1g",
                "--host", "127.0.0.1", "--webui-port", str(free_port()), "-d", str(work / f"worker{n}"),
            )  # fmt: skip
        time.sleep(3)
        yield f"spark://127.0.0.1:{port}"
    finally:
        if before is None:
            os.environ.pop("SPARK_LOCAL_IP", None)
        else:
            os.environ["SPARK_LOCAL_IP"] = before
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def test_a_cluster_of_two_workers_gives_the_rows_of_duckdb(cluster: str, tmp_path: Path) -> None:
    w = World(seed=77, products=60, routes=20, code_changes=0)
    path = tmp_path / "world.parquet"
    pq.write_table(simulate(w).baci, path)
    question = dict(origin=",".join(w.coalition), target=w.target, since=w.since, limit=200, cases=3)
    alone = divert([path], **question)  # type: ignore[arg-type]
    few = {"spark.sql.shuffle.partitions": "4", "spark.ui.showConsoleProgress": "false"}
    spread = divert([path], engine=cluster, settings=few, **question)  # type: ignore[arg-type]
    assert [(r.hub, r.product) for r in alone.rows] == [(r.hub, r.product) for r in spread.rows]
    for a, b in zip(alone.rows, spread.rows, strict=True):
        assert (a.into, a.out, a.direct, a.break_at) == (b.into, b.out, b.direct, b.break_at)
        for field in ("diverted", "low", "high", "q_value", "surge", "unit_value_z"):
            one, two = getattr(a, field), getattr(b, field)
            assert (one is None) == (two is None), field
            assert one is None or one == pytest.approx(two, rel=1e-6, abs=1e-6), field
        assert [r.verdict for r in a.rivals] == [r.verdict for r in b.rivals]
    assert len(alone.flags) == len(spread.flags)
    assert [(h.hub, h.flagged) for h in alone.hubs] == [(h.hub, h.flagged) for h in spread.hubs]
