# SPDX-License-Identifier: Apache-2.0
"""Write a small file in each publisher's own format, for tests that have no real files.

    python tests/samples/make.py

The figures and names are made up and seeded by the file's name; only the two resolutions on Ukraine, which must
list every member, take the package's rows. ``rows.json`` keeps what the readers make of each file: how many rows a
table, and a hash over them. A test writes all of it again and compares.
"""

from __future__ import annotations

import json

from sample_writing import HERE, as_read, written


def main() -> None:
    """Write every sample, and what is read from it."""
    kept = {}
    for path, raw in written().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        kept[f"{path.parent.name}/{path.name}"] = as_read(path)
    (HERE / "rows.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
