# SPDX-License-Identifier: Apache-2.0
"""The wheel alone, in an empty folder, answers from its own records; the image is built where docker is."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without leaving anything in it."""
    out = tmp_path_factory.mktemp("wheel")
    line = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(out),
        str(CHECKOUT),
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode and "hatchling" in done.stderr and not os.environ.get("BILAT_CI"):
        pytest.skip("the builder cannot be had offline")
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    return made


def test_it_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as z:
        (name,) = (n for n in z.namelist() if n.endswith("METADATA"))
        text = z.read(name).decode("utf-8")
    for line in (
        "Name: bilat",
        "Author: The bilat maintainers",
        "License-Expression: Apache-2.0",
        "Summary: ",
    ):
        assert line in text, line


def test_it_answers_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Its own code and records, not those of the checkout: the folder holds nothing else."""
    with zipfile.ZipFile(wheel) as z:
        z.extractall(tmp_path / "site")
    empty = tmp_path / "empty"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BILAT", "PYTHON"))}
    line = [
        sys.executable,
        "-m",
        "bilat",
        "ask",
        "transfers.tiv",
        "RUS",
        "CHN",
        "--as-of",
        "2023-03-20",
        "--json",
    ]
    env = {**kept, "PYTHONPATH": str(tmp_path / "site"), "HOME": str(empty)}
    done = subprocess.run(line, cwd=empty, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and '"transfers.tiv"' in done.stdout, done.stderr
    where = [sys.executable, "-c", "import bilat; print(bilat.__file__)"]
    found = subprocess.run(where, cwd=empty, env=env, capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(tmp_path / "site"))


@pytest.mark.skipif(shutil.which("uvx") is None, reason="uvx is not here")
def test_uvx_runs_it(wheel: Path, tmp_path: Path) -> None:
    line = ["uvx", "--from", str(wheel), "bilat", "--version"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("bilat"), done.stderr


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker is not here")
def test_the_image_is_built_and_answers(tmp_path: Path) -> None:
    subprocess.run(["docker", "build", "--quiet", "--tag", "bilat-test", str(CHECKOUT)], check=True)
    line = ["docker", "run", "--rm", "--network", "none", "bilat-test", "claims", "P7"]
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout
