# SPDX-License-Identifier: Apache-2.0
"""The image has every extra of a user, and the command that it shows for the desk can be parsed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
IMAGE = (HERE / "Dockerfile").read_text("utf-8")
#: Extras of those who build bilat, and one that needs Java.
NOT_IN_THE_IMAGE = {"check", "test", "spark"}


def test_the_image_has_every_extra_of_a_user() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    installed = re.search(r"'/src\[([a-z,]+)\]'", IMAGE)
    assert installed is not None
    assert {*installed[1].split(",")} == {*project["optional-dependencies"]} - NOT_IN_THE_IMAGE
    assert project["requires-python"].startswith(">=3.11")
    for copied in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "src"):
        assert (HERE / copied).exists()
