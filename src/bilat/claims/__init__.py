# SPDX-License-Identifier: Apache-2.0
"""The paper's claims, judged as of any date.

The room can be called: ``from bilat import claims; claims(as_of="2023-03-20")`` is :func:`judge`.
"""

import sys
from types import ModuleType
from typing import Any

from bilat.claims.judgement import VERDICTS, Judgement, Rival
from bilat.claims.judging import judge
from bilat.claims.ledger import CHAPTERS, ledger

__all__ = ["CHAPTERS", "VERDICTS", "Judgement", "Rival", "judge", "ledger"]


class _Callable(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> list[Judgement]:
        return judge(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
