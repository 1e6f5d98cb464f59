# SPDX-License-Identifier: Apache-2.0
"""What the pages of foresight share: the watch, pairs side by side, rival readings, the index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from bilat.files.write import write_text
from bilat.handling import Marking
from bilat.picture.pages import templates


def web(url: str) -> str:
    """The address if a page may link it (http or https), else blank."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def standalone(template: str, **given: Any) -> str:
    """A page of one file that loads nothing and needs no script.

    ``claims`` is where the claim pages lie, seen from the page, with a slash at its end; blank for none. ``marking``
    stands at head and foot.
    """
    style = Markup(templates().get_template("style.css").render())  # the package's own stylesheet
    return (
        templates()
        .get_template(template)
        .render(**{"claims": "", "home": "", "marking": None, **given, "style": style, "web": web})
    )


def write_with_twin(text: str, twin: Mapping[str, Any], out: Path, marking: Marking | None = None) -> None:
    """Write a page, and the same as JSON beside it, which bears its marking too.

    Raises
    ------
    DataError
        if the place cannot be written.
    """
    write_text(out, text)
    told = {"marking": str(marking), **twin} if marking else twin
    written = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    write_text(out.with_suffix(".json"), written + "\n")
