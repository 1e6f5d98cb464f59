# SPDX-License-Identifier: Apache-2.0
"""A document as a page: one file that opens from disk and loads nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from bilat.document import palette, typeface
from bilat.document import wording as words
from bilat.document.blocks import Document
from bilat.document.commands import Writer
from bilat.document.html import Surface, fragment
from bilat.document.typography import typeset_page

#: The content-security policy of every page. Scripts are files next to it, so that one that a text
#: brings in does not run, whatever the escaping let through. Styles may be inline: drawings have
#: their own. Reference: W3C, Content Security Policy Level 3 (2024), 2.3.1 source lists.
POLICY = Markup(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
)


class _Template(jinja2.Template):
    """A template whose pages have typographic marks; scripts and styles stay as written."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        made = super().render(*args, **kwargs)
        return typeset_page(made) if str(self.name).endswith(".html") else made


@cache
def templates(*rooms: str) -> jinja2.Environment:
    """Return the templates of some rooms over those of this one, with the page's words as filters.

    A name that a template is not given is an error, and every value is escaped.
    """
    places = [*rooms, "bilat.document"]
    env = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(place) for place in places]),
        autoescape=lambda name: bool(name) and not str(name).endswith((".css", ".js")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.template_class = _Template
    env.globals.update(
        theme=palette.THEME,
        policy=POLICY,
        family=typeface.FAMILY,
        faces=typeface.embedded_faces(),
        further_faces=typeface.referenced_faces(),
    )
    env.filters.update(day=words.day, count="{:,}".format, capital=words.capital)
    return env


def style_sheet(*, has_files: bool) -> str:
    """Return the style of every page, with the typeface.

    Parameters
    ----------
    has_files
        whether the files of the typeface lie beside it, for letters that English does not use
    """
    return templates().get_template("style.css").render(has_files=has_files)


def document_page(
    document: Document,
    *,
    command: Writer | None = None,
) -> str:
    """Return the page as one HTML text.

    Parameters
    ----------
    command
        how a question is written as a command.
    """
    env = templates()
    return env.get_template("document.html").render(
        d=document,
        body=Markup(fragment(document, Surface(command=command, marked=True))),
        asked=command(document.question, None) if command and document.question else "",
        style=style_sheet(has_files=False),
    )
