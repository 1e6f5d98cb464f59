# SPDX-License-Identifier: Apache-2.0
"""Lists and catalogues that a notebook shows as a table; to every program they are plain lists and dicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
#: Heading of a column -> what it shows of an item.
Columns = Mapping[str, Callable[[Any], Any]]
#: A table shows at most so many rows, and says how many there are.
MOST_ROWS = 200


def html_table(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", total: int = 0
) -> str:
    """A table in HTML; every cell is escaped, None is blank. ``total``: rows that there are."""
    head = "".join(f"<th>{escape(h)}</th>" for h in headings)
    shown = list(rows)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(c))}</td>" for c in row) + "</tr>" for row in shown
    )
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    more = f"<p>{len(shown):,} of {total:,} rows</p>" if total > len(shown) else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


class ShownList(list[T]):
    """A list with the columns of its table."""

    def __init__(self, items: Iterable[T], columns: Columns, title: str = "") -> None:
        super().__init__(items)
        self.columns = columns
        self.title = title

    def to_pandas(self) -> pd.DataFrame:
        """The table as a DataFrame (needs pandas)."""
        import pandas

        return pandas.DataFrame(
            [{name: show(item) for name, show in self.columns.items()} for item in self]
        )

    def _repr_html_(self) -> str:
        rows = ([show(item) for show in self.columns.values()] for item in self[:MOST_ROWS])
        return html_table(list(self.columns), rows, title=self.title, total=len(self))


class Catalogue(dict[str, T]):
    """Things by name, with the columns of their table."""

    def __init__(self, items: Mapping[str, T], columns: Columns, title: str = "") -> None:
        super().__init__(items)
        self.columns = columns
        self.title = title

    def _repr_html_(self) -> str:
        return ShownList(self.values(), self.columns, self.title)._repr_html_()
