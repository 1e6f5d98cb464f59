# SPDX-License-Identifier: Apache-2.0
"""Reads the party fields of real papers, and says how many are read right.

Run: ``python benchmarks/real_fields.py [--half A|B] [--list KIND] [--write]``. ``real_fields.csv`` has fields of
registers, tender notices, judgments, contracts, bills of lading and lists, as they are written there, with each word
labelled by hand: N name, F legal form, A address, T town or region, S state, I number, P word of the paper, X other
party. A label stands for what follows it. Half A, drawn by hash, is what causes may be mended on; B is only measured.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bilat.parties.names.segmentation import segment_field
from bilat.parties.names.tagging import tag

FIELDS = Path(__file__).with_name("real_fields.csv")
LABEL = re.compile(r"<([NFATSIPX])>")
#: What each label, and each tag of the tagger, says of a word.
CLASS = {
    "N": "party",
    "F": "party",
    "X": "party",
    "A": "where",
    "T": "where",
    "S": "where",
    "I": "number",
    "P": "paper",
}
#: What is counted of each field, as it is printed.
COUNTS = (
    "fields",
    "whole right",
    "name right",
    "name cut",
    "place in name",
    "compared whole",
    "dropped",
    "place alone",
)


@dataclass(frozen=True)
class RealField:
    """A field with its labels: ``labels`` has one for each character of ``text``."""

    kind: str
    language: str
    source: str
    text: str
    labels: str

    @property
    def half(self) -> str:
        """Return A or B, by the hash of the text."""
        return "AB"[hashlib.sha1(self.text.encode()).digest()[0] % 2]

    @property
    def is_of_a_list(self) -> bool:
        """Return whether the field is of a list of parties."""
        return " list, " in self.kind

    def parties(self) -> Iterator[list[tuple[str, str]]]:
        """Yield each party as its parts: label and letters."""
        spans = [
            (label, [*group])
            for label, group in groupby(range(len(self.text)), self.labels.__getitem__)
        ]
        parts = [(label, letters("".join(self.text[n] for n in at))) for label, at in spans]
        for is_party, group in groupby(parts, lambda part: CLASS[part[0]] == "party"):
            if not is_party:
                continue
            found: list[tuple[str, str]] = []
            for label, text in group:
                if (
                    found
                    and label in "NX"
                    and {label} != {x for x, _ in found if x != "F"} - {"F"}
                    and any(x in "NX" for x, _ in found)
                ):
                    yield found
                    found = []
                found.append((label, text))
            yield found


def letters(text: str) -> str:
    """Return the letters and digits of a text in one case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def real_fields() -> list[RealField]:
    """Return the fields of the file."""
    out = []
    with FIELDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _, *parts = LABEL.split(row["field"].replace("\\n", "\n"))
            pairs = [*zip(parts[::2], parts[1::2], strict=True)]
            text = "".join(part for _, part in pairs)
            labels = "".join(label * len(part) for label, part in pairs)
            out.append(RealField(row["kind"], row["language"], row["source"], text, labels))
    return out


def measure(field: RealField) -> Counter[str]:
    """Return what is right and wrong in the reading of a field."""
    found = tag(field.text)
    read = [""] * len(field.text)
    for word, tag_of in zip(found.words, found.tags, strict=True):
        read[word.start : word.end] = [CLASS[tag_of]] * (word.end - word.start)
    at = [n for n, c in enumerate(field.text) if c.isalnum()]
    named = [n for n in at if field.labels[n] in "NX"]
    others = [n for n in at if CLASS[field.labels[n]] != "party"]
    out = Counter(fields=1)
    out["whole right"] = all(
        read[n] == CLASS[field.labels[n]] or field.labels[n] == "F" for n in at
    )
    out["name cut"] = any(read[n] != "party" for n in named)
    out["place in name"] = any(read[n] == "party" for n in others)
    out["name right"] = not out["name cut"] and not out["place in name"]
    pieces = segment_field(field.text).pieces
    texts = [letters(piece.text) for piece in pieces]
    whole = [any(is_whole(text, party) for text in texts) for party in field.parties()]
    held = [
        any(all(x in text for label, x in party if label != "F") for text in texts)
        for party in field.parties()
    ]
    out["compared whole"] = all(whole)
    out["dropped"] = not all(held)
    out["place alone"] = any(not piece.fragment and is_place(piece.text, field) for piece in pieces)
    return Counter({name: int(count) for name, count in out.items()})


def is_whole(text: str, party: list[tuple[str, str]]) -> bool:
    """Return whether a text is a party's name, with its legal forms or without."""
    rest = text
    for label, part in party:
        if rest.startswith(part):
            rest = rest[len(part) :]
        elif label != "F":
            return False
    return not rest


def is_place(piece: str, field: RealField) -> bool:
    """Return whether a text is of a field's places, numbers and words of the paper alone."""
    key = letters(piece)
    kept = [n for n, c in enumerate(field.text) if c.isalnum()]
    folded = "".join(field.text[n].casefold()[:1] for n in kept)
    begins = [m.start() for m in re.finditer(f"(?={re.escape(key)})", folded)]
    spans = [{CLASS[field.labels[n]] for n in kept[b : b + len(key)]} for b in begins]
    return bool(spans) and all("party" not in span for span in spans)


def counted(fields: list[RealField]) -> dict[str, Counter[str]]:
    """Return the counts of each kind, of fields of lists and others, and of all."""
    rows: dict[str, Counter[str]] = {}
    sums: dict[str, Counter[str]] = {key: Counter() for key in ("not of lists", "of lists", "all")}
    for field in fields:
        found = measure(field)
        rows.setdefault(field.kind, Counter()).update(found)
        sums["of lists" if field.is_of_a_list else "not of lists"].update(found)
        sums["all"].update(found)
    return {**dict(sorted(rows.items())), **sums}


def table(fields: list[RealField]) -> list[str]:
    """Return the counts by kind, as lines."""
    lines = [f"{'':52}" + "".join(f"{name:>15}" for name in COUNTS)]
    for key, row in counted(fields).items():
        lines.append(f"{key[:51]:52}" + "".join(f"{row[name]:15}" for name in COUNTS))
    return lines


#: What each count says, in the words of the page.
MEANINGS = {
    "whole right": "each word is read as what it is: party, place or address, number, word of the paper",
    "name right": "the words of the parties are read as such, and no others",
    "name cut": "a word of a party's name is read as something else",
    "place in name": "a word of an address, a number or a word of the paper is read as a name",
    "compared whole": "each party's name is compared with the lists as it is, with its legal form or without",
    "dropped": "no text that is compared has all words of a party's name: the danger",
    "place alone": "a place or a number is compared as if it were a name",
}


def write(fields: list[RealField]) -> None:
    """Write the page of the figures."""
    halves = {half: [f for f in fields if f.half == half] for half in "AB"}
    lists = sum(f.is_of_a_list for f in fields)
    languages = len({f.language for f in fields})
    lines = [
        "# Party fields of real papers",
        "",
        f"``python benchmarks/real_fields.py --write`` writes this page. {len(fields)} fields in {languages} "
        f"languages, {len(fields) - lists} of them from papers that are no lists of parties, each word labelled by "
        "hand before bilat read it (real_fields.csv, with a source in each row). They are drawn by hash into two "
        "halves: causes were mended on A; B is only measured.",
        "",
        *(f"- {name}: {text}." for name, text in MEANINGS.items()),
    ]
    for half, of in halves.items():
        lines += ["", f"Half {half}", "", *markdown(of)]
    FIELDS.with_suffix(".md").write_text("\n".join(lines) + "\n", "utf-8")


def markdown(fields: list[RealField]) -> list[str]:
    """Return the counts by kind as a table of Markdown."""
    rows = counted(fields)
    head = ["| kind | " + " | ".join(COUNTS) + " |", "| --- |" + " ---: |" * len(COUNTS)]
    return head + [
        f"| {key} | " + " | ".join(str(rows[key][c]) for c in COUNTS) + " |" for key in rows
    ]


def main(arguments: list[str]) -> None:
    """Print the table, or the fields of which one thing is true."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("A", "B"), help="by default both")
    parser.add_argument(
        "--list", choices=COUNTS, help="print the fields of which this is true, with their pieces"
    )
    parser.add_argument("--write", action="store_true", help="write real_fields.md")
    asked = parser.parse_args(arguments)
    if asked.write:
        write(real_fields())
        return
    fields = [f for f in real_fields() if asked.half in (None, f.half)]
    if asked.list is None:
        print("\n".join(table(fields)))
        return
    for field in fields:
        if measure(field)[asked.list]:
            found = tag(field.text)
            print(repr(field.text))
            print(
                "   ",
                " ".join(f"{w.text}/{t}" for w, t in zip(found.words, found.tags, strict=True)),
            )
            print("   ", [p.text for p in segment_field(field.text).pieces])


if __name__ == "__main__":
    main(sys.argv[1:])
