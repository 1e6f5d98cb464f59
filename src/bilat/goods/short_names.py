# SPDX-License-Identifier: Apache-2.0
"""Short names of goods, for a list, a title or a sentence: whole phrases, never one that is cut.

A name is bilat's own where ``short_names.toml`` or a basket has one; else the first clauses of the
description in the Harmonized System, as many as fit. The code stands beside it wherever it is
shown, as two codes may share a name.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from bilat.goods.baskets import successors
from bilat.goods.descriptions import chapter_names, description, descriptions
from bilat.package_files import read_package_toml

#: Characters of a short name.
LONGEST = 56
#: What tells codes of one heading apart for customs, and nothing to a reader.
_NUMBERS = r"(no\.? ?)?[\d.]+((, | or | and | to )[\d.]+)*"
_ASIDE = re.compile(
    rf"\s+\([^()]*\)|,?\s*n\.e\.c\.( or included)?( in (item|heading)s? {_NUMBERS})?"
    rf"|,?\s*(other than|excluding) (those|that) of (item|heading|subheading)s? {_NUMBERS}"
)
#: Words before which a clause may end and still be a phrase.
_TURN = re.compile(
    r" (?=(?:excluding|other than|whether|including|containing|suitable|suited"
    r"|designed|exceeding|weighing|having|being|capable|incapable|obtained|used|of a kind)\b)"
)


@cache
def own_names() -> dict[str, dict[str, str]]:
    """``codes`` and ``headings``: the names that bilat gives by hand."""
    return read_package_toml("bilat.goods", "short_names.toml")


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return the first clauses of a description that fit; blank if none does.

    A text that ends within a clause ends with ``etc.``: a list that is cut names less than it
    contains.

    Parameters
    ----------
    text
        a description of the Harmonized System.
    longest
        characters that the result may have.

    Examples
    --------
    >>> text = "Machines and appliances; for testing the hardness or elasticity of materials"
    >>> shorten(text, 40)
    'Machines and appliances'
    >>> text = "Fruit, edible; cranberries, bilberries and other fruits of the genus vaccinium"
    >>> shorten(text, 40)
    'Fruit, edible; cranberries etc.'
    """
    plain = re.sub(r"([;,])\s*[,;]", r"\1", " ".join(_ASIDE.sub("", text).split())).strip(" ;,")
    if len(plain) <= longest:
        return plain
    whole = [m.start() for m in re.finditer("; ", plain) if m.start() <= longest]
    room = longest - len(" etc.")
    within = [
        m.start() for m in (*re.finditer(", ", plain), *_TURN.finditer(plain)) if m.start() <= room
    ]
    if within and max(within) > max(whole, default=0):
        return plain[: max(within)].rstrip(" ;,") + " etc."
    return plain[: max(whole)].rstrip(" ;,") if whole else ""


def short_name(product: str, label: str = "") -> str:
    """A name of at most :data:`LONGEST` characters for a code of six digits or more.

    ``label`` is what a basket calls it: it is used where it fits. Blank where nothing is known of
    the code.
    """
    code = product[:6]
    own = own_names()["codes"]
    known = [own[c] for c in (code, *successors().get(code, ())) if c in own]
    if known:
        return known[0]
    if label and label != f"HS {product}" and len(label) <= LONGEST:
        return label
    said = label if label and label != f"HS {product}" else description(product) or ""
    return shorten(said) or heading_name(code[:4])


@cache
def heading_name(heading: str) -> str:
    """A name of a heading of four digits: what most of its codes begin with; the chapter's where
    none is short.
    """
    own = own_names()["headings"]
    if heading in own:
        return own[heading]
    heads = Counter(
        shorten(text.split(";")[0]) for code, text in descriptions().items() if code[:4] == heading
    )
    heads.pop("", None)
    if not heads:
        return chapter_names().get(heading[:2], "")
    return min(heads.items(), key=lambda kv: (-kv[1], kv[0]))[0].removesuffix(" etc.")
