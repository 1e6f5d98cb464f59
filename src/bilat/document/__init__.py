# SPDX-License-Identifier: Apache-2.0
"""What is asked and what is answered, in one form for every surface: a :class:`Question` and a :class:`Document`.

A question is a frozen dataclass; command line, HTTP interface, forms and notebook signature are made from its fields.
A document is a title, a summary, typed data and blocks; renderers know blocks and no feature.
"""

from bilat.document.blocks import (
    Block,
    Column,
    Document,
    Facts,
    Figure,
    Finding,
    Frame,
    Next,
    Point,
    Question,
    RangedFigure,
    Rows,
    Say,
    Section,
    Series,
    SourceRef,
    Table,
)
from bilat.document.fields import Parameter
from bilat.document.html import fragment

__all__ = [
    "Block",
    "Column",
    "Document",
    "Facts",
    "Figure",
    "Finding",
    "Frame",
    "Next",
    "Parameter",
    "Point",
    "Question",
    "RangedFigure",
    "Rows",
    "Say",
    "Section",
    "Series",
    "SourceRef",
    "Table",
    "fragment",
]
