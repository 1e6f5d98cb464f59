# SPDX-License-Identifier: Apache-2.0
"""Docstrings that are data: of measures and questions, whose meaning stands in them."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any


def docstring(thing: type | Callable[..., Any]) -> str:
    """Return a docstring, without its indentation; "" if there is none.

    Python drops docstrings when it is told to (``-OO``): then it is read from the source.
    """
    if sys.flags.optimize < 2:
        return inspect.getdoc(thing) or ""
    definition = ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
    if not isinstance(definition, ast.ClassDef | ast.FunctionDef):
        return ""
    return ast.get_docstring(definition) or ""
