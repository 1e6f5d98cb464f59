# SPDX-License-Identifier: Apache-2.0
"""What is installed: each part pinned, hashed and accounted for; what one verb alone needs is an extra that says so."""

import json
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from bilat.catalog.fetch import fetch
from bilat.errors import UsageError

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = ROOT / "locks" / "cp311-linux-x86_64.txt"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").split()
    return {plain(x.partition("==")[0]): x.partition("==")[2] for x in lines}


def locked() -> dict[str, tuple[str, list[str]]]:
    """Name -> (version, hashes) of the locked install."""
    out = {}
    for entry in LOCK.read_text("utf-8").replace("\\\n", " ").splitlines():
        if entry.strip() and not entry.startswith("#"):
            name, _, rest = entry.partition("==")
            version, *hashes = rest.split()
            out[plain(name)] = (version, [h.removeprefix("--hash=sha256:") for h in hashes])
    return out


def test_the_lock_names_no_host_and_each_entry_has_the_version_of_the_pins_and_a_hash() -> None:
    assert "://" not in LOCK.read_text("utf-8") and "index-url" not in LOCK.read_text("utf-8")
    found, pinned = locked(), pins()
    assert len(found) > 60
    for name, (version, hashes) in found.items():
        assert pinned.get(name) == version, f"{name}: {version} is not the pin of constraints.txt"
        assert hashes and all(re.fullmatch(r"[0-9a-f]{64}", h) for h in hashes), name


def test_what_the_project_asks_for_is_locked_and_has_its_reason() -> None:
    extras = PROJECT["optional-dependencies"]
    wanted = {
        plain(re.split(r"[<>=\[]", x)[0])
        for x in [*PROJECT["dependencies"], *chain(*extras.values())]
    }
    assert wanted <= set(locked())
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    missing = [name for name in sorted(wanted) if f"| `{name}` |" not in reasons]
    assert not missing, f"docs/dependencies.md gives no reason for {missing}"
    named = set(re.findall(r"^\| `([^`]+)` \|", reasons, re.MULTILINE))
    assert named <= wanted, (
        f"docs/dependencies.md speaks of {sorted(named - wanted)}, which nothing asks for"
    )


def test_the_bill_of_materials_is_what_is_installed(tmp_path: Path) -> None:
    made = tmp_path / "sbom.json"
    subprocess.run([sys.executable, str(ROOT / "scaffold" / "sbom.py"), str(made)], check=True)
    told = json.loads(made.read_text("utf-8"))
    assert told["bomFormat"] == "CycloneDX" and told["specVersion"] == "1.6"
    assert told["metadata"]["component"]["name"] == "bilat"
    parts = {c["bom-ref"]: c for c in told["components"]}
    assert len(parts) == len(told["components"])
    for c in parts.values():
        assert c["type"] == "library" and c["bom-ref"] == f"{c['name']}@{c['version']}"
        assert c["licenses"], f"{c['name']} states no licence"
    names = {c["name"] for c in parts.values()}
    core = {plain(re.split(r"[<>=\[]", x)[0]) for x in PROJECT["dependencies"]}
    assert core <= names and "httpx" not in names
    assert {d["ref"] for d in told["dependencies"]} == {
        told["metadata"]["component"]["bom-ref"],
        *parts,
    }
    for d in told["dependencies"]:
        assert set(d["dependsOn"]) <= set(parts)
    subprocess.run(
        [sys.executable, str(ROOT / "scaffold" / "sbom.py"), str(tmp_path / "again.json")],
        check=True,
    )
    assert made.read_bytes() == (tmp_path / "again.json").read_bytes()


def test_a_pull_without_its_extra_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(
        UsageError, match=r"needs httpx: pip install 'bilat\[pull\]', or .* `mirror`"
    ):
        fetch("http://127.0.0.1:9/x", tmp_path / "x")


def test_every_verb_is_imported_and_the_ledger_judged_without_the_extras() -> None:
    extras = [
        re.split(r"[<>=\[]", x)[0].replace("python-", "")
        for e, xs in PROJECT["optional-dependencies"].items()
        if e not in ("test", "pandas")
        for x in xs
    ]  # pyarrow looks at pandas for itself
    code = (
        f"import sys\nfor name in {extras}: sys.modules[name] = None\n"
        "from bilat.cli import main\nimport bilat.picture.site, bilat.measures\nbilat.measures.measures()\n"
        "from bilat.verdicts import judge\n"
        "assert judge(only='W5')[0].since.answer\n"
    )
    how = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert how.returncode == 0, how.stderr
