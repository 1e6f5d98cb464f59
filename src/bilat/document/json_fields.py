# SPDX-License-Identifier: Apache-2.0
"""Choose fields of an answer in JSON: ``title,data.points.value`` keeps these and no other.

A field is named by its way from the answer's head, parted by points; a list is passed through, so
that ``data.points.value`` is the value of each point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bilat.errors import UsageError
from bilat.files.json_types import Json

#: Field -> what is chosen within it; empty for the whole of it.
Chosen = dict[str, "Chosen"]


def chosen(answer: Json, fields: str) -> Json:
    """Return the named fields of an answer.

    Parameters
    ----------
    fields
        names parted by commas: ``title,data.points``.

    Raises
    ------
    UsageError
        for a field that the answer does not have, naming those that stand there.
    """
    names = [name.strip() for name in fields.split(",")]
    return _within(answer, _tree([name for name in names if name]), way="")


def _tree(names: Sequence[str]) -> Chosen:
    root: Chosen = {}
    for name in names:
        at = root
        for part in name.split("."):
            at = at.setdefault(part, {})
    return root


def _within(value: Json, wanted: Chosen, way: str) -> Json:
    if not wanted:
        return value
    if isinstance(value, list):
        return [_within(one, wanted, way) for one in value]
    if not isinstance(value, Mapping):
        raise UsageError(f"the answer's {way} has no fields of its own. Leave out what follows it")
    for name in wanted:
        if name not in value:
            where = f"the answer's {way}" if way else "the answer"
            raise UsageError(f"{where} has no field {name!r}. Choose from: {', '.join(value)}")
    return {
        name: _within(value[name], inner, f"{way}.{name}" if way else name)
        for name, inner in wanted.items()
    }
