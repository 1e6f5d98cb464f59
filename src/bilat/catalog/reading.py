# SPDX-License-Identifier: Apache-2.0
"""How a file is read, said as data: ``[read]`` of a source, ``[files.read]`` of one of its files.

A reader that only renames, types and checks columns is a table of this kind and no program::

    [read] table  = "flows" header = "year reporter partner export_value_usd" columns.period   =
    "year:year!" columns.reporter = "reporter:partner!" columns.partner  = "partner:partner!"
    columns.value    = "export_value_usd:number!" fixed = { flow = "X", product = "TOTAL",
    nomenclature = "TOTAL", currency = "USD", kind = "reported" }
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

#: A table of a TOML file, before it is read.
Toml: TypeAlias = dict[str, JsonValue]
#: ``theirs:type*scale!``: a column of ``select``, what its cells are, a factor, and ! where it may
#: not be empty.
COLUMN = re.compile(r"(?P<theirs>.+):(?P<type>[a-z_0-9]+)(?:\*(?P<scale>[0-9.e+]+))?(?P<needed>!?)")


class Check(BaseModel):
    """A rule of the publisher's table: SQL over its columns as text, that is true of every row."""

    model_config = ConfigDict(extra="forbid")

    column: str  #: the column that is shown of a row which breaks it
    test: str
    why: str  #: what is wrong with such a value: "is not 8542"


class Read(BaseModel):
    """How one file becomes rows of one table.

    ``{vintage}``, ``{vintage_year}`` and ``{NAME}`` of the file's options are put into ``select``,
    ``check`` and ``fixed``.
    """

    model_config = ConfigDict(extra="forbid")

    table: str
    header: list[str]  #: the publisher's columns in order; a text is split at blanks
    exact: bool = True  #: False where the file may have more columns
    parquet: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"
    skip: int = 0  #: lines above the header
    above: dict[int, str] = Field(default_factory=dict)  #: what such a line must contain
    skip_end: str = ""  #: what ends each line and is not a field
    once: bool = False  #: True where no two rows are alike, and `select` counts them
    format: str = ""  #: a trade format of bilat.formats.trade, whose columns `select` then has
    check: list[Check] = Field(default_factory=list)
    select: str = (
        "SELECT * FROM raw"  #: SQL over `raw`: the publisher's columns as text, and `line`
    )
    columns: dict[str, str]  #: column of the table -> "column of select:type!"
    fixed: dict[str, str | float | bool] = Field(default_factory=dict)
    words: dict[str, dict[str, str | bool]] = Field(
        default_factory=dict
    )  #: column of the table -> word -> ours
    key: list[str] = Field(
        default_factory=list
    )  #: columns of select that name a row: no two are the same
    aggregate: list[str] = [
        "reporter",
        "partner",
    ]  #: which of them make a row of flows that of a group
    published_with: dict[str, str] = Field(
        default_factory=dict
    )  #: month -> later month that it comes out with
    since: str = ""  #: no row counts as known before this day
    known: str = "lag"  #: lag, or vintage; columns.known_on gives the day itself

    @field_validator("header", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _sound(self) -> Read:
        for ours, text in self.columns.items():
            if not COLUMN.fullmatch(text):
                raise ValueError(f"columns.{ours} = {text!r} is not of the form 'column:type!'")
        if self.known not in ("lag", "vintage"):
            raise ValueError(f"known = {self.known!r} is neither lag nor vintage")
        return self


def laid_over(general: Toml, particular: Toml) -> Toml:
    """What is particular laid over what is general: tables key by key, everything else whole."""
    out = dict(general)
    for name, value in particular.items():
        under = out.get(name)
        out[name] = (
            {**under, **value} if isinstance(value, dict) and isinstance(under, dict) else value
        )
    return out


def merged(general: Toml, particular: Toml) -> Read:
    """How one file is read: what is said of it laid over what is said of its source."""
    return Read.model_validate(laid_over(general, particular))
