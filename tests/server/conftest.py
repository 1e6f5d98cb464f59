# SPDX-License-Identifier: Apache-2.0
"""One server for the tests of all modules."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from missing_parts import need
from served import INDEX, Served

from bilat.holdings.store import default_folder


@pytest.fixture(scope="session", autouse=True)
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the index of names is kept."""
    parts = ("starlette", "uvicorn", "python_multipart")
    need(all(importlib.util.find_spec(m) for m in parts), "the extra serve")
    own = (
        default_folder()
    )  # the other tests' index serves too, where nobody's own holdings lie beside it
    INDEX.append(tmp_path_factory.mktemp("index") if (own / "manifest.json").exists() else own)
    return INDEX[-1]


@pytest.fixture(scope="package")
def server(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    run = Served(
        folder,
        "--decisions",
        str(folder / "decisions.jsonl"),
        "--keep",
        str(folder / "kept"),
        "--most-upload",
        "2",
        "--upload-time",
        "2",
    )
    yield run
    code, said = run.stop()
    assert (code, said) == (0, ""), said
    assert not list(
        run.temporary.iterdir()
    )  # nothing that was sent lies outside the folder of jobs
    uploads = [
        p for p in (folder / "kept").glob("*/*") if p.is_file() and p.suffix in (".csv", ".xlsx")
    ]
    assert not uploads


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = Path("/usr/bin/chromium")
    need(chromium.exists(), str(chromium))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        made = p.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield made
        made.close()
