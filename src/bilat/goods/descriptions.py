# SPDX-License-Identifier: Apache-2.0
"""What a six-digit code of the Harmonized System names: UN Comtrade's descriptions of HS2022.

Source and licence (public domain) are in ``hs2022.toml``.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources

from bilat.goods.baskets import successors
from bilat.package_files import read_package_toml


@cache
def descriptions() -> dict[str, str]:
    """HS6 code of 2022 -> description, 5,612 of them."""
    packed = resources.files("bilat.goods").joinpath("hs2022.tsv.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def description(product: str) -> str | None:
    """The description of a code of six digits or more; of one that ended with HS2022, those of the
    codes that it became. None where neither is known.
    """
    known = descriptions()
    code = product[:6]
    if code in known:
        return known[code]
    return (
        "; ".join(dict.fromkeys(known[c] for c in successors().get(code, ()) if c in known)) or None
    )


@cache
def chapter_names() -> dict[str, str]:
    """Chapter of two digits -> a short name of it, by bilat."""
    raw = read_package_toml("bilat.goods", "hs_chapters.toml")
    return {str(chapter): str(name) for chapter, name in raw.items()}
