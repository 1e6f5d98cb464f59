# SPDX-License-Identifier: Apache-2.0
"""The ledger judged at one date in a process of its own, while this one judges it at another.

The second process is this module run again, so a caller's script needs no ``if __name__ == "__main__"``. Where it
ends without an answer (an error, no memory), the ledger is judged here, and the error is raised here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from types import TracebackType

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.judging import judge
from bilat.when import AsOf


def _cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Aside:
    """Judging begins on entering; :meth:`judgements` waits for it. Leaving early ends the process."""

    def __init__(self, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> None:
        self.dyad, self.as_of, self.holdings = dyad, as_of, holdings
        self._child: subprocess.Popen[bytes] | None = None
        self.stood_in = False  #: whether the second process ended without an answer

    def __enter__(self) -> Aside:
        if _cores() > 1 and type(self.holdings) is Holdings:
            folder = [str(self.holdings.folder)] if self.holdings.folder else []
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "bilat.verdicts.aside", *self.dyad, str(self.as_of), *folder],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def judgements(self) -> list[Judgement]:
        """Every claim of the ledger that can be asked of the pair, judged."""
        if self._child is not None:
            told, _ = self._child.communicate()
            done, self._child = self._child.returncode == 0, None
            if done:
                return pickle.loads(told)  # our own process wrote it
            self.stood_in = True
        return judge(self.dyad, self.as_of, self.holdings)


def main(a: str, b: str, as_of: str, folder: str | None = None) -> None:
    """Write the judgements of a pair at a date to standard output, as :mod:`pickle` has them."""
    found = list(judge(Dyad(a, b), AsOf(as_of), Holdings(folder)))  # without the columns of a listing
    sys.stdout.buffer.write(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main(*sys.argv[1:])
