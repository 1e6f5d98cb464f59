# SPDX-License-Identifier: Apache-2.0
"""A document as a page: one file that opens from disk and loads nothing."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bilat.document import Document, Question
from bilat.document.html import Surface, fragment
from bilat.document.palette import THEME
from bilat.picture.pages import templates


def document_page(
    document: Document,
    *,
    home: str = "",
    command: Callable[[Question], str] | None = None,
    link: Callable[[Question], str] | None = None,
) -> str:
    """The page as one HTML text.

    Parameters
    ----------
    home
        the way back to the site that the page stands in; blank where it stands alone.
    command, link
        how a question is written as a command, and where its answer is found.
    """
    env = templates()
    return env.get_template("document.html").render(
        d=document,
        body=Markup(fragment(document, Surface(command=command, link=link, marked=True))),
        asked=command(document.question) if command and document.question else "",
        home=home,
        style=env.get_template("style.css").render(theme=THEME),
    )
