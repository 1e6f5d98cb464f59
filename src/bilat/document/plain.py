# SPDX-License-Identifier: Apache-2.0
"""Typed answers and documents as plain data: one writer for every dataclass, one versioned envelope for every verb."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from bilat.document.blocks import Block, Document, Question, Section
from bilat.dyad import Dyad
from bilat.files.json_types import Json, JsonObject
from bilat.handling import Marking
from bilat.subject import Flow, Good, PartySubject, State, World, pair_of, to_plain
from bilat.when import AsOf, Window

#: The version of the envelope; it rises when a field of it goes or changes its meaning. Described in docs/json.md.
SCHEMA = "bilat/document/1"


def plain(value: Any) -> Any:
    """Return a value as plain data for JSON.

    A dataclass becomes an object of its fields. A field is left out if its name begins with ``_``
    or its metadata has ``plain=False``; one whose metadata names a function is written by it.
    Numbers that are not finite are null, sets are sorted lists, dates are ISO texts.

    Raises
    ------
    TypeError
        for a value that has no plain form.
    """
    if value is None or isinstance(value, bool | int | float | str | Decimal):
        return _plain_scalar(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, AsOf | Window | Marking | Path):
        return str(value)
    if isinstance(value, Dyad):
        return [value.a, value.b]
    if isinstance(value, State | Flow | Good | PartySubject | World):
        return to_plain(value)
    if isinstance(value, Question):
        return {"verb": " ".join(value.verb), **value.written()}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _plain_collection(value)
    if hasattr(value, "item"):  # a NumPy scalar
        return plain(value.item())
    raise TypeError(f"{type(value).__name__} has no plain form")


def _plain_scalar(value: bool | float | str | Decimal | None) -> bool | float | str | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    # str() drops the class of a text that is more than a text.
    return str(value) if isinstance(value, str) else value


def _plain_fields(value: Any) -> JsonObject:
    written = {}
    for field in fields(value):
        write = field.metadata.get("plain", True)
        if write and not field.name.startswith("_"):
            written[field.name] = _field(getattr(value, field.name), write)
    return written


def _plain_collection(value: Mapping[Any, Any] | Iterable[Any]) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    items = [plain(item) for item in value]
    return sorted(items) if isinstance(value, set | frozenset) else items


def _field(value: Any, write: Any) -> Any:
    """Return a field of a dataclass as plain data, written by its own function if it has one."""
    return write(value) if callable(write) and value is not None else plain(value)


def block(b: Block) -> JsonObject:
    """A block as plain data, with its kind first; what is blank is left out."""
    if isinstance(b, Section):
        return {
            "block": "section",
            "title": b.title,
            "detail": b.detail,
            "blocks": [block(x) for x in b.blocks],
        }
    return {
        "block": type(b).__name__.lower(),
        **{k: v for k, v in plain(b).items() if v not in (None, "", [])},
    }


def envelope(document: Document) -> dict[str, Json]:
    """A document as plain data: what every command prints with JSON and every address of the server answers."""
    d = document
    head: dict[str, Json] = {
        "schema": SCHEMA,
        "kind": d.kind,
        "question": plain(d.question),
        "subject": plain(to_plain(d.about)) if d.about else None,
        "pair": plain(pair_of(d.about)),
        "as_of": plain(d.as_of),
        "known_to": plain(d.known_to),
        "holdings": d.holdings,
        "title": d.title,
        "summary": list(d.summary),
    }
    if d.marking is not None:
        head = {"marking": str(d.marking), "left_out": d.left_out, **head}
    return head | {
        "data": plain(d.data),
        "blocks": [block(b) for b in d.blocks],
        "sources": plain(d.sources),
    }
