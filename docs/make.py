# SPDX-License-Identifier: Apache-2.0
"""Write the pages of docs/ (measures, sources, tables, claims) from the code that they describe.

Run: python docs/make.py [FOLDER]. A test fails when a page is out of date.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from bilat.catalog import sources, tables
from bilat.measures import measures
from bilat.verdicts import CHAPTERS
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names
from bilat.verdicts.pairs import THESE
from bilat.verdicts.printed import whole_rule

NOTE = "<!-- written by docs/make.py: change the code, then run it again -->\n"


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def measures_page() -> str:
    """How each figure is measured."""
    out = ["# How each figure is measured\n", NOTE]
    for m in measures().values():
        out.append(f"## `{m.name}`\n\n{m.title}. Unit: {m.unit}.\n\n{m.method}\n")
        if m.interval.text:
            out.append(f"Interval: {m.interval.text}.\n")
        out.append(f"Groups: {m.groups}\n")
        if m.parameters:
            out.append("| parameter | default | what may be written | meaning |\n|---|---|---|---|")
            out += [
                f"| `{k}` | `{m.params[k]}` | {_cell(p.form)} | {_cell(p.about)} |"
                for k, p in m.parameters.items()
            ]
            out.append("")
        out.append(f"Tables: {', '.join(m.tables)}. Reference: {m.reference}\n")
    return "\n".join(out)


def sources_page() -> str:
    """What is held, from whom, under what licence."""
    out = ["# Sources\n", NOTE]
    for s in sources().values():
        out.append(
            f"## `{s.name}`\n\n{s.title}. {s.producer}. Licence: {s.licence}. {s.cadence}. <{s.url}>\n"
        )
        out.append(f"Cite: {s.citation}\n")
        out.append(f"Grade {s.grade}: {s.grade_why}. Embedded: {s.embed} ({s.embed_why}).\n")
        if s.lag_days is not None:
            out.append(f"Publication lag: {s.lag_days} days ({s.lag_why}).\n")
        if s.traps:
            out.append(f"Traps: {s.traps}.\n")
        out.append("| file | edition | how dated | sha256 |\n|---|---|---|---|")
        out += [
            f"| `{f.path}` | {f.vintage} | {_cell(f.vintage_basis)} | `{f.sha256[:12]}` |" for f in s.files
        ]
        out.append("")
    return "\n".join(out)


def tables_page() -> str:
    """The typed tables."""
    out = ["# Tables\n", NOTE]
    for t in tables().values():
        out.append(f"## `{t.name}`\n\n{t.about}\n\n| column | type | unit | meaning |\n|---|---|---|---|")
        out += [f"| `{c.name}` | {c.type} | {_cell(c.unit)} | {_cell(c.meaning)} |" for c in t.columns]
        out.append("")
    return "\n".join(out)


def claims_page() -> str:
    """The ledger: each claim with the rule that decides it."""
    out = ["# The ledger\n", NOTE]
    names = Names(THESE)
    for chapter, (heading, question) in CHAPTERS.items():
        out.append(
            f"## {heading}\n\n{question}\n\n| id | claim | asked of | rule | measures |\n|---|---|---|---|---|"
        )
        for c in (c for c in ledger() if c.chapter == chapter):
            used = ", ".join(f"`{m}`" for m in dict.fromkeys(t.measure for t in c.tests)) or c.how
            rule = whole_rule(c.tests, c.combine, names, c.why, c.set_after, c.cap)
            claim = names.said(c.claim)
            out.append(
                f"| {c.id} | {_cell(claim[:1].upper() + claim[1:])} | {c.applies} | {_cell(rule)} | {used} |"
            )
        out.append("")
    return "\n".join(out)


def house_page() -> str:
    """The rooms of src/bilat: layer, lines, and what each is for."""
    house = tomllib.loads((Path(__file__).parents[1] / "house.toml").read_text("utf-8"))
    out = [
        "# The house\n", NOTE,
        "A room is a folder or a module of `src/bilat`. It imports only from rooms of a lower layer, or from rooms "
        "above it in this list within its own layer; rooms of layer 4 never import one another. `tests/test_house.py` "
        "holds the code to this: no import uphill (nor by name), no circle, no private name across files, no write "
        "into another module, no class name of layers 0 to 3 twice, no module above "
        f"{house['limits']['module']} lines, no room above its budget.\n",
        "| room | layer | budget of lines | what it is for |\n|---|---|---|---|",
    ]  # fmt: skip
    out += [f"| `{r['name']}` | {r['layer']} | {r['lines']:,} | {_cell(r['what'])} |" for r in house["room"]]
    return "\n".join(out)


PAGES = {
    "measures.md": measures_page,
    "sources.md": sources_page,
    "tables.md": tables_page,
    "claims.md": claims_page,
    "house.md": house_page,
}


def main() -> None:
    """Write every page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, page in PAGES.items():
        (folder / name).write_text(page().rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
