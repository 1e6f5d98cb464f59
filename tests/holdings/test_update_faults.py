# SPDX-License-Identifier: Apache-2.0
"""An update that is killed, meets another one or a full disk leaves what was there, and the next one finishes it."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from publishers import ANSWERS
from recorded import Internet, serving

from bilat.holdings import Store, request_log

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of Unix")


@pytest.fixture(scope="module")
def internet(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Internet, int, Path]]:
    with serving(tmp_path_factory.mktemp("keys")) as found:
        found[0].files = ANSWERS["un_sc"]("2026-11-28", 0, 1200)
        yield found


def started(
    internet: tuple[Internet, int, Path], home: Path, most_bytes: int = 0
) -> subprocess.Popen[str]:
    """Begin ``bilat update un_sc`` in a process of its own."""
    net, port, authority = internet
    env = {
        **os.environ,
        "SSL_CERT_FILE": str(authority),
        "XDG_DATA_HOME": str(home / "data"),
        "BILAT_CACHE": "off",
    }
    env.pop("BILAT_HOLDINGS", None)
    line = [sys.executable, str(Path(__file__).with_name("whole_update.py"))]
    line += [json.dumps(net.addresses), str(port), "update", "un_sc", "--json"]

    def limit() -> None:
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        preexec_fn=limit,
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, list[str], str]:
    """(exit code, what became of each file, what went to stderr)."""
    out, err = process.communicate(timeout=300)
    statuses = [d["status"] for d in json.loads(out)["data"]] if out.strip() else []
    return process.returncode, statuses, out + err


def store_of(home: Path) -> Store:
    return Store(home / "data" / "bilat" / "holdings")


def test_an_update_that_is_killed_in_any_phase_is_finished_by_the_next(
    internet: tuple[Internet, int, Path], tmp_path: Path
) -> None:
    began = time.monotonic()
    assert finished(started(internet, tmp_path / "whole"))[1] == ["added"]
    length = time.monotonic() - began
    for share in (0.3, 0.5, 0.65, 0.8, 0.95):
        home = tmp_path / f"at-{share}"
        process = started(internet, home)
        try:
            process.wait(timeout=share * length)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        code, statuses, said = finished(started(internet, home))
        assert code == 0, said
        assert statuses in (["added"], ["unchanged"]), said
        store = store_of(home)
        assert store.check() == []
        assert len(store.entries()) == 1
        assert list(request_log.read(store.root))[-1]["answer"] in ("new", "unchanged")


def test_two_updates_at_once_take_the_list_in_once(
    internet: tuple[Internet, int, Path], tmp_path: Path
) -> None:
    pair = [started(internet, tmp_path) for _ in range(2)]
    ends = [finished(p) for p in pair]
    assert [code for code, _, _ in ends] == [0, 0], ends
    assert sorted(s for _, statuses, _ in ends for s in statuses) == ["added", "unchanged"]
    store = store_of(tmp_path)
    assert store.check() == []
    assert len(store.entries()) == 1
    assert len(list(request_log.read(store.root))) == 2


@pytest.mark.parametrize("most_bytes", [20_000, 200_000, 400_000])
def test_a_full_disk_is_one_line_and_changes_nothing(
    most_bytes: int, internet: tuple[Internet, int, Path], tmp_path: Path
) -> None:
    code, statuses, said = finished(started(internet, tmp_path, most_bytes))
    assert code == 1, said
    assert statuses in ([], ["refused"])
    assert "Traceback" not in said
    assert "this should not happen" not in said
    assert store_of(tmp_path).entries() == []
    assert finished(started(internet, tmp_path))[1] == ["added"]
