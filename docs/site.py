# SPDX-License-Identifier: Apache-2.0
"""Lay out the pages of the docs in build/docs as they lie in the repository, and build the site.

Run: make docs, or python docs/site.py with mkdocs installed. No page loads anything from elsewhere.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGE = ROOT / "build" / "docs"
#: Pages and pictures, by folder.
PATTERNS = ("*.md", "docs/*.md", "docs/*.png", "benchmarks/*.md")


def lay_out(folder: Path = STAGE) -> list[Path]:
    """Copy the pages to a folder; return them."""
    shutil.rmtree(folder, ignore_errors=True)
    copies = []
    for pattern in PATTERNS:
        for page in sorted(ROOT.glob(pattern)):
            copy = folder / page.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, copy)
            copies.append(copy)
    return copies


def main(given: list[str]) -> int:
    """Build the site; a link that leads nowhere is an error.

    ``given``: the folder of the pages and that of the site, where they are not build/docs and site.
    """
    pages, site = map(Path, given) if given else (STAGE, ROOT / "site")
    lay_out(pages)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    laid = pages.parent / "mkdocs.yml"
    laid.write_text(f"docs_dir: {pages.resolve()}\nsite_dir: {site.resolve()}\n{settings}", "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-f", str(laid)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
