# SPDX-License-Identifier: Apache-2.0
"""The Vega-Lite skeletons in ``specs/``: JSON whose texts ``@name`` stand for what a chart fills in."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from bilat.document import palette

Spec = dict[str, Any]


@cache
def _text(name: str) -> Any:
    return json.loads(
        resources.files("bilat.picture.charts").joinpath(f"specs/{name}.json").read_text("utf-8")
    )


def skeleton(name: str, part: str = "", **given: Any) -> Spec:
    """A fresh specification of ``specs/NAME.json`` (or one part of it): each ``@word`` is replaced by what is given
    under that word, else by the palette's colour of that name.

    Raises
    ------
    KeyError
        for a word that is neither given nor a colour.
    """
    raw = _text(name)

    def filled(x: Any) -> Any:
        if isinstance(x, str) and x.startswith("@"):
            return given[x[1:]] if x[1:] in given else palette.light(x[1:])
        if isinstance(x, dict):
            return {k: filled(v) for k, v in x.items()}
        return [filled(v) for v in x] if isinstance(x, list) else x

    spec: Spec = filled(raw[part] if part else raw)
    return spec
