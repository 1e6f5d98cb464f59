# SPDX-License-Identifier: Apache-2.0
"""Write the bill of materials of the core install: every package that bilat rests on, as CycloneDX 1.6 JSON.

    python scaffold/sbom.py sbom.json

It is read from the metadata of what is installed here; the same install gives the same
bytes (no serial number, no time).
Standard: ECMA-424, CycloneDX Bill of Materials, version 1.6 (2024).
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def plain(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted_by(package: metadata.Distribution) -> list[str]:
    """Names of the packages that one needs here, without its extras; bilat's own are those of pyproject.toml."""
    from packaging.requirements import Requirement

    told = package.requires or []
    if plain(package.name) == "bilat":
        told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
            "dependencies"
        ]
    asked = [Requirement(r) for r in told]
    return sorted(
        {plain(r.name) for r in asked if r.marker is None or r.marker.evaluate({"extra": ""})}
    )


def licences(package: metadata.Distribution) -> list[dict[str, Any]]:
    """What a package says of its licence: an expression, else the classifiers, else the words of its field."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return [{"expression": expression}]
    classified = [
        c.rpartition(" :: ")[2]
        for c in told.get_all("Classifier") or []
        if c.startswith("License ::")
    ]
    words = classified or [(told.get("License") or "").strip().split("\n")[0]]
    if not any(words) and any(_MIT_BEGINS in text for text in _licence_texts(package)):
        words = ["MIT License"]
    return [{"license": {"name": w}} for w in sorted(set(words)) if w]


#: How the text of the MIT License begins, for packages that bring the text and name no licence.
_MIT_BEGINS = "Permission is hereby granted, free of charge, to any person obtaining a copy"


def _licence_texts(package: metadata.Distribution) -> list[str]:
    files = [f for f in package.files or [] if f.name.upper().startswith(("LICENSE", "LICENCE"))]
    return [" ".join(f.read_text("utf-8").split()) for f in files]


def bill(root: str = "bilat") -> dict[str, Any]:
    """The bill of a package that is installed here."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = metadata.distribution(name)
            waiting += wanted_by(found[name])
    refs = {name: f"{name}@{d.version}" for name, d in found.items()}

    def component(name: str, kind: str) -> dict[str, Any]:
        d = found[name]
        return {
            "type": kind,
            "bom-ref": refs[name],
            "name": name,
            "version": d.version,
            "licenses": licences(d),
        }

    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component(root, "application")},
        "components": [component(name, "library") for name in sorted(found) if name != root],
        "dependencies": [
            {"ref": refs[name], "dependsOn": sorted(refs[x] for x in wanted_by(found[name]))}
            for name in sorted(found)
        ],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", "utf-8")
