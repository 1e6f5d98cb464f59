# SPDX-License-Identifier: Apache-2.0
"""The templates that every page is made from."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from bilat.document import palette
from bilat.document import wording as words
from bilat.picture.policy import policy
from bilat.units import SHARE
from bilat.verdicts.judgement import ANSWERS


@cache
def templates() -> jinja2.Environment:
    """The templates, with the words of the page as filters; what is not given is an error."""
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("bilat.picture"),
        autoescape=lambda name: bool(name) and not str(name).endswith((".css", ".js", ".txt")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.globals.update(glyphs=ANSWERS, theme=palette.THEME, SHARE=SHARE, policy=policy)
    env.filters.update(
        day=words.day,
        period=words.period,
        prose=words.prose,
        sentence=words.sentence,
        group=words.group,
        bare=words.bare,
        figure=words.figure,
        interval=words.interval,
        count="{:,}".format,
        chance=words.chance,
        capital=words.capital,
        moved=words.moved,
        said=words.said,
        **{"and": words.joined},
    )
    return env


def say(about: str, what: str, *given: Any) -> str:
    """A sentence of ``templates/say/``: the macro ``what`` of the file ``about``, on one line."""
    macro = getattr(templates().get_template(f"say/{about}.txt").module, what)
    return " ".join(str(macro(*given)).split())
