# SPDX-License-Identifier: Apache-2.0
"""Write the record of answers anew, and print what changed: that goes into the CHANGELOG.

    python tests/record/make.py            the folder of real source files is ../shared or $BILAT_SHARED

Without that folder the answers that need it stay as they are.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from record_of_answers import (
    HERE,
    INDEX,
    NOW,
    PARTS,
    THEN,
    Answer,
    clock_not_before,
    compare,
    diverted,
    diverted_shared,
    embedded_holdings,
    held,
    index,
    judged,
    measured,
    owned,
    paged,
    planned,
    recorded,
    screened,
    screened_shared,
    watched,
    write,
)

sys.path.insert(0, str(HERE.parent))
from real_files import SHARED


def answers() -> dict[str, list[Answer]]:
    """Everything that is recorded, by part."""
    holdings = embedded_holdings()
    out = {"embedded": [*held(holdings), *diverted(holdings), *screened(holdings)]}
    for as_of in (THEN, NOW):
        out["embedded"] += [*measured(as_of, holdings), *judged(as_of, holdings)]
        out["embedded"] += [*planned(as_of, holdings), *paged(as_of, holdings)]
    out["embedded"] += [*watched(holdings), *owned(holdings)]
    if SHARED.is_dir():
        with tempfile.TemporaryDirectory() as work:
            out["shared"] = [
                *diverted_shared(SHARED),
                *screened_shared(SHARED, holdings, Path(work)),
            ]
    else:
        print(
            f"{SHARED}: no such folder; the answers that need it stay as they are", file=sys.stderr
        )
    return out


def main() -> None:
    os.environ["BILAT_HOLDINGS"] = (
        os.devnull
    )  # the record is of the package, whatever this machine's user added
    with clock_not_before(NOW):
        made = answers()
    for part, those in made.items():
        before = recorded(PARTS[part])
        changed = list(compare(before, those))
        changed += [f"{name}: is gone" for name in before.keys() - {a["id"] for a in those}]
        print(f"{part}: {len(those)} answers, {len(changed)} differences")
        print("".join(f"  {line}\n" for line in changed), end="")
        write(those, PARTS[part])
    INDEX.write_text(json.dumps(index(), indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
