# SPDX-License-Identifier: Apache-2.0
"""Speed of the models, each beside its plain version in one run: every ``models_*.py`` here is a section."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Run the sections named (recovery, …), or all of them, and print one JSON object."""
    here = Path(__file__).parent
    sys.path.insert(0, str(here))
    found = {p.stem.removeprefix("models_"): p.stem for p in sorted(here.glob("models_*.py"))}
    unknown = [w for w in wanted if w not in found]
    if unknown:
        sys.exit(f"no section {unknown[0]}; they are: {', '.join(found)}")
    print(
        json.dumps(
            {name: importlib.import_module(found[name]).section() for name in wanted or found},
            indent=1,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
