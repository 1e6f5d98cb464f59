# SPDX-License-Identifier: Apache-2.0
"""The models' and foresight's pages within the site: the quick ones always, the slow ones when they are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from bilat.contingency.questions import BackfillQuestion, BlockadeQuestion, ExposureQuestion
from bilat.document import Frame, Question
from bilat.document.plain import envelope
from bilat.errors import BilatError
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.picture.document_page import document_page
from bilat.regeneration.questions import RecoveryQuestion
from bilat.when import PAPER_DATE, AsOf

#: From a page of a model back to the site.
HOME = "../index.html"


#: A page and its JSON twin.
Page = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Model:
    """What no record answers and a model may."""

    name: str
    question: str
    command: str  #: makes its page alone
    docs: str
    chapters: tuple[str, ...]  #: of the paper, whose pages point to it
    slow: bool  #: takes a while: built only when asked for
    foresight: bool = False  #: a watch or a comparison, and no model

    @property
    def page(self) -> str:
        return f"models/{self.name}.html"


MODELS = (
    Model(
        "recovery", "How long would Russia's forces need to stand where they stood?",
        "bilat plan recovery --out recovery.html", "docs/recovery.md", ("regeneration",), slow=True,
    ),
    Model(
        "backfill", "What would Europe have to buy against a crisis in the Pacific?",
        "bilat plan backfill --out backfill.html", "docs/backfill.md", ("forward",), slow=True,
    ),
    Model(
        "blockade", "What would China lack if its sea lanes were closed?",
        "bilat plan blockade --out blockade.html", "docs/blockade.md", ("indopacific",), slow=False,
    ),
    Model(
        "exposure", "What do China's exporters stand to lose by sanctions on their own sales?",
        "bilat plan exposure --out exposure.html", "docs/exposure.md", ("forward",), slow=False,
    ),
    Model(
        "watch", "What moved since the paper, and how far is it to the lines fixed beforehand?",
        "bilat watch --from 2023-03-20 --page watch.html", "docs/forecast.md", (), slow=True, foresight=True,
    ),
    Model(
        "axis", "How do the pairs of Russia, China, Iran and North Korea compare over time?",
        "bilat compare --axis --page axis.html", "docs/forecast.md", ("signalling",), slow=False, foresight=True,
    ),
)  # fmt: skip
#: Where the claim pages lie, seen from a page of these.
CLAIMS = "../claims/"


@dataclass(frozen=True)
class Built:
    """A model's page in the site, or why there is none."""

    model: Model
    path: str = ""  #: from the root of the site; blank where it was not built
    first: str = ""  #: what the page says first
    why_not: str = ""


def build(
    root: Path,
    as_of: AsOf,
    holdings: Holdings,
    *,
    slow: bool = False,
    marking: Marking | None = None,
    withheld: frozenset[str] = frozenset(),
) -> list[Built]:
    """Write the pages into ``root/models``, each with its JSON twin; a model that cannot be asked says why.

    Parameters
    ----------
    slow
        with those that take a while.
    marking, withheld
        what the pages of foresight bear, and the claims that they do not speak of.
    """
    made = []
    for model in MODELS:
        if model.slow and not slow:
            made.append(Built(model, why_not="takes a while: built with bilat brief --models"))
            continue
        try:
            html, twin = (
                _FORESIGHT[model.name](as_of, holdings, marking, withheld)
                if model.foresight
                else _MODELS[model.name](as_of, holdings)
            )
        except BilatError as e:
            made.append(Built(model, why_not=str(e)))
            continue
        place = root / model.page
        place.parent.mkdir(exist_ok=True)
        place.write_text(html, "utf-8")
        if marking and model.foresight:
            twin = {"marking": str(marking), **twin}
        text = json.dumps(
            {"as_of": str(as_of), "dyad": "RUS-CHN", **twin}, separators=(",", ":"), ensure_ascii=False
        )
        place.with_suffix(".json").write_text(text + "\n", "utf-8")
        made.append(Built(model, path=model.page, first=_first(html)))
    return made


def _first(html: str) -> str:
    """What a page says first: its paragraph of the class ``answer``, else its heading."""
    found = re.search(r'class="answer">(.*?)</p>', html, re.S) or re.search(r"<h1>(.*?)</h1>", html, re.S)
    return unescape(" ".join(found[1].split())) if found else ""


def _plan(question: Question) -> Callable[[AsOf, Holdings], Page]:
    def page(as_of: AsOf, holdings: Holdings) -> Page:
        found = question.answer(Frame(as_of=as_of, holdings=holdings))
        return document_page(found, home=HOME), envelope(found)

    return page


def _watch(
    as_of: AsOf, holdings: Holdings, marking: Marking | None, withheld: frozenset[str]
) -> tuple[str, dict[str, Any]]:
    from bilat.forecast.watch import watch
    from bilat.picture.watch_page import watch_page

    moved = watch(AsOf(PAPER_DATE), as_of, holdings=holdings).without(withheld)
    return watch_page(moved, CLAIMS, HOME, marking), moved.to_json()


def _axis(
    as_of: AsOf, holdings: Holdings, marking: Marking | None, withheld: frozenset[str]
) -> tuple[str, dict[str, Any]]:
    from bilat.picture.compare_page import compare_page
    from bilat.verdicts.side_by_side import axis, compare, to_json

    rows = compare(axis(), as_of, holdings)
    return compare_page(rows, axis(), as_of, HOME, marking), dict(to_json(rows, axis(), as_of))


_MODELS: dict[str, Callable[[AsOf, Holdings], Page]] = {
    "recovery": _plan(RecoveryQuestion()),
    "backfill": _plan(BackfillQuestion()),
    "blockade": _plan(BlockadeQuestion()),
    "exposure": _plan(ExposureQuestion()),
}
_FORESIGHT: dict[str, Callable[[AsOf, Holdings, Marking | None, frozenset[str]], Page]] = {
    "watch": _watch,
    "axis": _axis,
}
