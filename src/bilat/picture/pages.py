# SPDX-License-Identifier: Apache-2.0
"""The templates that every page is made from."""

from __future__ import annotations

from functools import cache

import jinja2

from bilat.document import palette
from bilat.document import wording as words
from bilat.picture.policy import policy


@cache
def templates() -> jinja2.Environment:
    """The templates, with the words of the page as filters; what is not given is an error."""
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("bilat.picture"),
        autoescape=lambda name: bool(name) and not str(name).endswith((".css", ".js")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.globals.update(theme=palette.THEME, policy=policy)
    env.filters.update(
        day=words.day, period=words.period, prose=words.prose, sentence=words.sentence, group=words.group,
        bare=words.bare, figure=words.figure, interval=words.interval, count="{:,}".format, capital=words.capital,
        **{"and": words.joined},
    )  # fmt: skip
    return env
