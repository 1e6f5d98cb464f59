# SPDX-License-Identifier: Apache-2.0
"""A request that is refused: its status and one line; and which status an error of the rooms below gets."""

from __future__ import annotations

from http import HTTPStatus

from bilat.errors import BilatError, Damaged, DataError, Unforeseen, UnknownName, UsageError

#: Statuses of a refusal, with what the standard calls each.
TITLES = {
    n: HTTPStatus(n).phrase
    for n in (400, 401, 403, 404, 405, 408, 409, 413, 415, 421, 422, 429, 500, 503, 504)
}


class Refusal(BilatError):
    """A request that is not answered: ``status`` and one line; ``wait`` seconds before it may be tried again."""

    def __init__(self, status: int, line: str, *, wait: int = 0) -> None:
        super().__init__(line)
        self.status = status
        self.wait = wait


def status_of(error: BilatError) -> int:
    """The status of an answer that is an error."""
    if isinstance(error, Refusal):
        return error.status
    if isinstance(error, UsageError):
        return 404 if isinstance(error, UnknownName) else 400
    if isinstance(error, Damaged):
        return 503
    if isinstance(error, DataError):
        return 500 if isinstance(error, Unforeseen) else 422
    return 500
