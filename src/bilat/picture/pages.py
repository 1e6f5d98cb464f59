# SPDX-License-Identifier: Apache-2.0
"""The templates that every page is made from, and what a page may run."""

from __future__ import annotations

from functools import cache

import jinja2
from markupsafe import Markup

from bilat.document import palette
from bilat.document import wording as words

#: The content-security policy of every page: scripts are files beside it, so that one that a text brings in
#: does not run, whatever the escaping let through. Styles may stand inside, for drawings have their own. Reference:
#: W3C, Content Security Policy Level 3 (2024), 2.3.1 source lists.
POLICY = Markup(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


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
    env.globals.update(theme=palette.THEME, policy=POLICY)
    env.filters.update(day=words.day, count="{:,}".format, capital=words.capital)
    return env
