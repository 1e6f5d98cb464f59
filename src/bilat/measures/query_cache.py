# SPDX-License-Identifier: Apache-2.0
"""Results of queries in memory, so that no query is run twice on the same rows.

The key of a result is the text of the query, its values, and the digest of the rows that it can
see. Two dates between which no row became public share a result, and so do the measures that
select the same sources of a table. Other rows have another digest, so that no result is stale.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow as pa

from bilat.catalog import tables
from bilat.holdings import Holdings, Selection
from bilat.when import AsOf

#: The most bytes of rows behind the results of one holdings object.
MOST_BYTES = 64_000_000
#: The most bytes of rows behind one result that is remembered.
MOST_OF_ONE = 16_000_000


@dataclass(frozen=True)
class Result:
    """What was made of the rows of a query, and the size of these rows."""

    value: Any
    size: int


class QueryCache:
    """Results by key; those that were used longest ago are forgotten first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.size = 0
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Result | None:
        """Return a result, which counts as used; None if it is not known."""
        with self._lock:
            found = self._results.get(key)
            if found is not None:
                self._results.move_to_end(key)
            return found

    def add(self, key: Hashable, result: Result) -> None:
        """Remember a result, unless it is too large."""
        if result.size > MOST_OF_ONE:
            return
        with self._lock:
            if key in self._results:
                return
            self._results[key] = result
            self.size += result.size
            while self.size > self.most:
                _, oldest = self._results.popitem(last=False)
                self.size -= oldest.size


_CACHES: WeakKeyDictionary[Holdings, QueryCache] = WeakKeyDictionary()


def result_of(
    make: Callable[[pa.Table], Any],
    run: Callable[[], pa.Table],
    holdings: Holdings,
    as_of: AsOf,
    question: tuple[str, Sequence[object]],
) -> Any:
    """Return what a function makes of the rows of a query, from memory if they are the same rows.

    Parameters
    ----------
    make
        a function of a module, whose result nobody changes.
    run
        runs the query.
    question
        the text of the query, and its values.
    """
    rows = _rows_seen(holdings, as_of, question[0])
    if rows is None:
        return make(run())
    cache = _CACHES.setdefault(holdings.whole, QueryCache())
    key = (make, question[0], repr(question[1]), rows)
    found = cache.find(key)
    if found is None:
        table = run()
        found = Result(make(table), table.nbytes)
        cache.add(key, found)
    return found.value


def _rows_seen(holdings: Holdings, as_of: AsOf, sql: str) -> str | None:
    """Return the digest of the rows that a query sees; None if it may be refused."""
    words = set(re.findall(r"\w+", sql))
    names = frozenset(words & tables().keys())
    if any(part.table in names for part in holdings.damaged):
        return None
    if isinstance(holdings, Selection) and not holdings.has_tables(names):
        return None
    return holdings.visible(names, as_of)
