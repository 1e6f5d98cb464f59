# SPDX-License-Identifier: Apache-2.0
"""Write the hashes of the locked install for this system: locks/<python>-<system>.txt.

    python scaffold/lock.py

pip resolves what pyproject.toml asks for (with every extra) under the pins of constraints.txt and reports the file that
it would install for each, with its hash; nothing is installed.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """\
# The install of the continuous integration, by the bytes of each file: {system}.
# Versions are those of constraints.txt; pip refuses a file with another hash. It names no host: pip asks whatever index
# the machine is set up with. Write it again after a change of constraints.txt: python scaffold/lock.py
"""


def plain(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def tag() -> str:
    """This Python and system, as the files are named: cp311-linux-x86_64."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}-{sys.platform}-{platform.machine()}"


def resolved() -> dict[str, tuple[str, str]]:
    """Name -> (version, sha256) of every file of the install."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*told["project"]["dependencies"], *told["build-system"]["requires"]]
    for extra in told["project"]["optional-dependencies"].values():
        wanted += extra
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--dry-run",
                "--ignore-installed",
                "--quiet",
                "--report",
                str(report),
                "-c",
                str(ROOT / "constraints.txt"),
                *wanted,
            ],
            check=True,
        )
        found = json.loads(report.read_text("utf-8"))["install"]
    return {
        plain(x["metadata"]["name"]): (
            x["metadata"]["version"],
            x["download_info"]["archive_info"]["hashes"]["sha256"],
        )
        for x in found
    }


def text(found: dict[str, tuple[str, str]], system: str) -> str:
    """The lock file."""
    lines = [
        f"{name}=={version} \\\n    --hash=sha256:{digest}\n"
        for name, (version, digest) in sorted(found.items())
    ]
    return HEAD.format(system=system) + "".join(lines)


if __name__ == "__main__":
    place = ROOT / "locks" / f"{tag()}.txt"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text(resolved(), tag()), "utf-8")
