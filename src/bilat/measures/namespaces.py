# SPDX-License-Identifier: Apache-2.0
"""Measures as functions whose names complete: ``bilat.measures.transfers.tiv(("RUS", "CHN"), years="2014-")``."""

from __future__ import annotations

import inspect
from typing import Any

from bilat.measures.evaluation import ask
from bilat.measures.measurement import Measurement
from bilat.measures.registry import measure_named, measure_names


class MeasureNamespace:
    """The measures whose names begin with one word; each is a function with the measure's own parameters."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __dir__(self) -> list[str]:
        return [
            name.split(".", 1)[1] for name in measure_names() if name.startswith(f"{self._word}.")
        ]

    def __repr__(self) -> str:
        return f"<measures {self._word}: {', '.join(dir(self))}>"

    def __getattr__(self, thing: str) -> Any:
        name = f"{self._word}.{thing}"
        spec = measure_named(name)
        if spec is None:
            raise AttributeError(f"no measure {name!r}; there are: {', '.join(dir(self))}")

        def asked(pair: Any = None, *, as_of: Any = None, **params: Any) -> Measurement:
            return ask(name, pair, as_of=as_of, **{k.rstrip("_"): v for k, v in params.items()})

        first = [
            p for p in inspect.signature(asked).parameters.values() if p.kind is not p.VAR_KEYWORD
        ]
        own = [
            inspect.Parameter(spec.arguments[p], inspect.Parameter.KEYWORD_ONLY, default=default)
            for p, default in spec.params.items()
        ]
        asked.__signature__ = inspect.Signature([*first, *own], return_annotation=Measurement)  # type: ignore[attr-defined]
        asked.__name__ = thing
        about = "\n".join(f"{k}: {v}" for k, v in spec.about.items())
        asked.__doc__ = f"{spec.title}\n\n{spec.method}\n\n{about}"
        return asked


def families() -> list[str]:
    """The first words of the measures' names."""
    return sorted({name.split(".")[0] for name in measure_names() if "." in name})
