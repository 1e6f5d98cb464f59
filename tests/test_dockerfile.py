# SPDX-License-Identifier: Apache-2.0
"""The image has every extra of a user; what it copies exists; its desk can be reached and watched."""

from __future__ import annotations

import json
import re
import shlex
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


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the image with its words, lines that go on joined."""
    lines = [line for line in IMAGE.splitlines() if line and not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in whole.splitlines()]


def test_each_instruction_is_one_that_docker_knows_and_each_copied_file_is_there() -> None:
    made = instructions()
    known = ["FROM", "RUN", "COPY", "USER", "WORKDIR", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"]
    assert {name for name, _ in made} <= {*known} and made[0][0] == "FROM"
    copied = [word for name, words in made if name == "COPY" for word in words.split()[:-1]]
    assert copied and all((HERE / word).exists() for word in copied)
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    # the build of the package reads these
    needed = [project["readme"], *project["license-files"]]
    assert all(any(name == c or name.startswith(f"{c}/") for c in copied) for name in needed)


def test_it_runs_as_a_user_of_its_own_who_may_write_where_it_works() -> None:
    made = instructions()
    names = [name for name, _ in made]
    user = dict(made)["USER"]
    set_up = " ".join(words for name, words in made[: names.index("USER")] if name == "RUN")
    assert user != "root" and f"useradd --create-home {user}" in set_up
    assert f"chown {user} {dict(made)['WORKDIR']}" in set_up
    assert names.index("USER") < names.index("ENTRYPOINT") < names.index("CMD")
    assert json.loads(dict(made)["ENTRYPOINT"]) == ["bilat"]


def test_the_desk_of_its_head_is_reached_at_the_port_that_is_open_and_watched() -> None:
    made = dict(instructions())
    head = re.sub(r"\s*\\\n#\s*", " ", IMAGE[: IMAGE.index("FROM ")])
    shown = re.search(r"-p 127\.0\.0\.1:\d+:(\d+) .* bilat (serve .*)", head)
    assert shown is not None and made["EXPOSE"] == shown[1]
    command = shlex.split(shown[2])
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--host"] == "0.0.0.0" and options["--port"] == shown[1]
    assert "--token-file" in options
    check = made["HEALTHCHECK"]
    program = json.loads(check[check.index("[") :])
    compile(program[2], "healthcheck", "exec")
    assert f"'localhost', {shown[1]}" in program[2] and "'/health'" in program[2]
    assert options["--name"] == f"localhost:{shown[1]}"
