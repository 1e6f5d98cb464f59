# SPDX-License-Identifier: Apache-2.0
"""Sentences, headings and cells that bilat prints, drawn by lot for a copy editor to rate.

``python benchmarks/printed_text.py collect FOLDER`` asks the questions below and writes their pages and texts;
``python benchmarks/printed_text.py draw FOLDER --seed 7`` draws 120 units as CSV, with an empty column for the rating:
natural, understandable, stops. The quotas are fixed, because long pages would otherwise fill the sample. Cells of data,
names of publishers, addresses and citations are left out: bilat did not write them.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import html

ROOT = Path(__file__).resolve().parents[1]
BILAT = (sys.executable, "-m", "bilat")
#: Units drawn of each surface.
QUOTAS = {
    "claims": 34, "pairs": 14, "first page": 10, "plans": 12, "watch": 8, "divert": 10, "screen": 8, "terminal": 6,
    "docs": 8, "help": 5, "errors": 5,
}  # fmt: skip
#: Pages made by one command each: the surface, the name of the file, the words of the command.
PAGES = (
    ("divert", "divert", "divert --out {}.html"),
    (
        "divert",
        "divert_file",
        "divert trade.csv --origin EU27 --target RUS,BLR --basket chpl --out {}.html",
    ),
    ("watch", "watch", "watch --out {}.html"),
    ("watch", "watch_list", "watch list --out {}.html"),
    ("screen", "screen", "screen consignments.xlsx --out {}.html"),
    ("screen", "lists_gap", "lists gap --out {}.html"),
)
#: Commands whose text is read as a terminal prints it.
TEXTS = (
    ("screen", "screen consignments.xlsx"), ("screen", "screen Rosneft Siemens Huawei"), ("divert", "divert"),
    ("terminal", "brief"), ("terminal", "ask"), ("terminal", "ask transfers.tiv"), ("terminal", "ask KAZ"),
    ("terminal", "ask 8542"), ("terminal", "claims"), ("terminal", "claims I3 --why"), ("terminal", "sources list"),
    ("watch", "watch"), ("plans", "plan recovery"), ("plans", "plan blockade"), ("plans", "plan backfill"),
    ("plans", "plan exposure"),
    ("terminal", "brief IND RUS"), ("terminal", "brief CHN TWN"), ("terminal", "lists diff"),
)  # fmt: skip
WRONG = (
    "brief RUS XYZ", "brief RUS RUS", "brief RUS", "ask transfers.tvi", "ask transfers.tiv --as-of tomorrow",
    "ask transfers.tiv --param colour=red", "claims Z9", "claims --only Z9", "screen", "screen nofile.xlsx",
    "screen empty.csv", "screen consignments.xlsx --lists nolist", "screen consignments.xlsx --map name=Nobody",
    "screen consignments.xlsx --out a.doc", "divert nofile.csv", "divert bad.csv", "divert trade.csv --origin XX",
    "divert trade.csv --basket nobasket", "divert trade.csv --since 2031", "plan blockade --param nothing=1",
    "plan recovery --param new_plateau=abc", "plan compare nofile.xlsx", "watch --since tomorrow",
    "sources show nosuch",
    "lists diff", "lists diff a b", "write letter nofile.json", "write report --out a.txt", "add mine.csv",
    "add bad.csv", "update nosuch", "verify nofile", "sample /proc/none", "team join", "serve --port 99999999",
    "nocommand",
    "brief --foo", "ask 9999", "ask Rosneft --holdings nowhere", "read nofile.html",
    "claims P7 --fields nothing --json",
)  # fmt: skip
#: Elements whose text is read whole.
BLOCKS = (
    *("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "figcaption", "summary"),
    *("th", "td", "label", "button", "a", "option"),
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“‘\d])")
#: Texts that bilat did not write: addresses, citations, names of fields and options, figures with a scale.
NO_WORDS = re.compile(
    r"https?://|www\.|\.(?:com|org|gov|net)\b|©|\(c\)|[0-9a-f]{12}|doi:|^`|^<|^(?:Cite|Embed|Source)\b|^\S+=\S*$"
    r"|^[\d.,–−± ]*(?:to|million|billion|bn|m|%| )*[\d.,–−± ]*(?:million|billion|bn|m|%)?$"
    r"|^[a-z]*-[\w-]*\d\w*$|^\S*[._]\S+$"
)
#: Columns of data and of other people's words.
DATA = {
    "publisher", "title", "page", "address", "name", "party", "document", "exercise", "place", "date", "source", "id",
    "query", "licence", "citation", "left out", "joined by", "known by", "goods", "product", "locator", "series",
    "what",
    "producer", "parameters", "example", "who says so", "as published", "row", "here", "there", "entry", "other entry",
}  # fmt: skip


def run(words: str, folder: Path) -> str:
    """Return what a command prints, its errors included."""
    done = subprocess.run(
        [*BILAT, *words.split()], cwd=folder, capture_output=True, text=True, timeout=900
    )
    return done.stdout + done.stderr


def collect(folder: Path) -> None:
    """Write the pages and texts of all surfaces into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    run("sample .", folder)
    (folder / "empty.csv").write_text("")
    (folder / "bad.csv").write_text("a,b\n1,x\n")
    run("brief --out site", folder)
    run("brief IND RUS --out pair_IND_RUS", folder)
    run("brief CHN TWN --out pair_CHN_TWN", folder)
    for surface, name, words in PAGES:
        run(words.format(f"{surface}__{name}"), folder)
    for number, (surface, words) in enumerate(TEXTS):
        (folder / f"{surface}__{number:02}.txt").write_text(f"{words}\n\n{run(words, folder)}")
    errors = "\n\n".join(run(words, folder).strip() for words in WRONG)
    (folder / "errors__all.txt").write_text(f"errors\n\n{errors}")


def surface_of(path: Path, folder: Path) -> str:
    """Return the surface that a collected file belongs to; blank for one that is not drawn from."""
    place = path.relative_to(folder).as_posix()
    if "__" in path.name and "/" not in place:
        return path.name.partition("__")[0]
    if place.startswith("pair_"):
        return "pairs" if "/plans/" not in place and "/claims" not in place else ""
    inside = place.removeprefix("site/")
    for start, surface in (
        ("claims", "claims"),
        ("paper", "claims"),
        ("pairs", "pairs"),
        ("profile", "pairs"),
        ("plans", "plans"),
        ("monitor", "divert"),
        ("index", "first page"),
        ("map", "first page"),
        ("measures", "first page"),
        ("sources", "first page"),
        ("charts", ""),
    ):
        if inside.startswith(start):
            return surface
    return ""


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text that have words of ours."""
    for part in SENTENCE.split(" ".join(text.split())):
        if re.search(r"[a-z]{2,}", part) and not NO_WORDS.search(part):
            yield part


def blocks(page: Path) -> Iterator[str]:
    """Yield the text of each element of a page that holds no other such element."""
    tree = html.parse(str(page)).getroot()
    for junk in tree.xpath("//script|//style|//nav|//svg|//footer|//template"):
        junk.drop_tree()
    for element in tree.iter(*BLOCKS):
        holds_another = any(
            inner.tag in BLOCKS and inner.tag != "a" for inner in element.iterdescendants()
        )
        inside_another = element.tag == "a" and element.getparent().tag in BLOCKS
        if (
            not holds_another
            and not inside_another
            and not (element.tag == "td" and is_data(element))
        ):
            yield element.text_content()


def is_data(cell: html.HtmlElement) -> bool:
    """Return whether a cell holds data or the words of others."""
    if len(re.findall(r"\b[a-z]{2,}\b", cell.text_content())) < 2:
        return True
    heads = cell.xpath("ancestor::table[1]//tr[1]/th")
    column = int(cell.xpath("count(preceding-sibling::*)"))
    return column < len(heads) and heads[column].text_content().strip().lower() in DATA


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a terminal's text, unfolded; rows of tables are left to the pages."""
    for chunk in re.split(r"\n\s*\n", text.partition("\n\n")[2]):
        if re.search(r"^\S.* {2,}\S+ {2,}\S", chunk, re.M):  # a table
            continue
        kept: list[str] = []
        for line in chunk.splitlines():
            if re.search(r"\S {2,}\S", line):
                continue
            if line.startswith("  ") and kept:
                kept[-1] += " " + line.strip()
            elif kept and len(kept[-1].splitlines()[-1]) > 60:
                kept[-1] += "\n" + line.strip()
            else:
                kept.append(line.strip())
        yield from kept


def written(page: Path) -> Iterator[str]:
    """Yield the paragraphs and cells of a page of the docs, without its code."""
    text = re.sub(r"```.*?```|<!--.*?-->", "", page.read_text(), flags=re.S)
    for chunk in re.split(r"\n\s*\n|\n(?=[-|#]|\d+\. )", text):
        if chunk.lstrip().startswith("|"):
            yield from chunk.strip("| \n").split(" | ")
        else:
            yield re.sub(r"^(?:[-#]+|\d+\.) |\]\([^)]*\)|\[|!\[|\*\*", "", chunk.strip())


def units(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Return, by surface, where each unit stands and its text; a text counts once."""
    found: dict[str, dict[str, str]] = {surface: {} for surface in QUOTAS}

    def put(surface: str, where: str, texts: Iterator[str]) -> None:
        for text in texts:
            for part in [text] if surface == "errors" and text else sentences(text):
                found[surface].setdefault(part, where)

    for path in sorted(folder.rglob("*")):
        surface = surface_of(path, folder)
        if surface in QUOTAS and path.suffix == ".html":
            put(surface, str(path.relative_to(folder)), blocks(path))
        elif surface in QUOTAS and path.suffix == ".txt":
            put(surface, path.read_text().partition("\n")[0], paragraphs(path.read_text()))
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ):
        put("help" if path.name == "commands.md" else "docs", path.name, written(path))
    return {surface: [(where, t) for t, where in texts.items()] for surface, texts in found.items()}


def draw(folder: Path, seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield surface, place and text of the units drawn; a page's share is capped by its quota only."""
    rng = random.Random(seed)
    for surface, texts in units(folder).items():
        for where, text in rng.sample(sorted(texts), min(QUOTAS[surface], len(texts))):
            yield surface, where, text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("collect", "draw"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.task == "collect":
        collect(given.folder)
        return
    out = csv.writer(sys.stdout)
    out.writerow(("number", "surface", "where", "rating", "text"))
    for number, (surface, where, text) in enumerate(draw(given.folder, given.seed), 1):
        out.writerow((number, surface, where, "", text))


if __name__ == "__main__":
    main()
