# SPDX-License-Identifier: Apache-2.0
"""The rules of the declared reader: ``[read]`` of a source, ``[files.read]`` of one of its files.

A source whose file only has to be renamed, typed and checked needs no program, but such a table::

    [read]
    table = "flows"
    header = "year reporter partner export_value_usd"
    columns.period = "year:year!"
    columns.reporter = "reporter:partner!"
    columns.partner = "partner:partner!"
    columns.value = "export_value_usd:number!"
    fixed = { flow = "X", product = "TOTAL", nomenclature = "TOTAL", currency = "USD" }
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

#: A table of a TOML file, before it is read.
Toml: TypeAlias = dict[str, JsonValue]
#: The form ``theirs:type*scale!`` of a column: a column of ``select``, the type of its cells, a
#: factor, and ! if no cell may be empty.
COLUMN = re.compile(r"(?P<theirs>.+):(?P<type>[a-z_0-9]+)(?:\*(?P<scale>[0-9.e+]+))?(?P<needed>!?)")


class Check(BaseModel):
    """A rule for the publisher's table: an SQL condition that is true of every row."""

    model_config = ConfigDict(extra="forbid")

    column: str  #: the column that is printed of a row that breaks the rule
    test: str  #: the condition, on the publisher's columns as text
    why: str  #: what is wrong with such a value: "is not 8542"


class Read(BaseModel):
    """The rules by which one file becomes rows of one table.

    In ``select``, ``check`` and ``fixed`` the words ``{vintage}``, ``{vintage_year}`` and ``{NAME}``
    stand for the date of the file and for its option of that name.
    """

    model_config = ConfigDict(extra="forbid")

    table: str
    header: list[str]  #: the publisher's columns in order; in TOML a text with blanks between them
    exact: bool = True  #: False if the file may have more columns
    parquet: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"
    skip: int = 0  #: lines above the header
    above: dict[int, str] = Field(default_factory=dict)  #: words in a line above the header
    skip_end: str = ""  #: the end of each line that is not a field
    once: bool = False  #: True if rows may not be repeated, as where `select` counts them
    format: str = ""  #: a trade format of bilat.formats.trade, whose columns `select` then has
    check: list[Check] = Field(default_factory=list)
    #: SQL over `raw`, which has the publisher's columns as text, and `line`.
    select: str = "SELECT * FROM raw"
    columns: dict[str, str]  #: column of the table -> "column of select:type!"
    fixed: dict[str, str | float | bool] = Field(default_factory=dict)
    #: For each column of the table our word for each of the publisher's.
    words: dict[str, dict[str, str | bool]] = Field(default_factory=dict)
    #: Columns of select that identify a row: no two rows have the same.
    key: list[str] = Field(default_factory=list)
    #: The columns whose state may be a group of states, which makes a row of trade an aggregate.
    aggregate: list[str] = ["reporter", "partner"]
    #: For a month the later month with which it is published.
    published_with: dict[str, str] = Field(default_factory=dict)
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
