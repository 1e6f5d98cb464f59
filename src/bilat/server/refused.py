# SPDX-License-Identifier: Apache-2.0
"""A request that is refused: its status and one line; and which status an error of the rooms below gets."""

from __future__ import annotations

from bilat.errors import BilatError, Damaged, DataError, Unforeseen, UnknownName, UsageError

TITLES = {
    400: "The question cannot be asked",
    401: "A token is needed",
    403: "Not allowed from there",
    404: "Nothing of that name",
    405: "Not done that way",
    408: "Too slow",
    413: "Too large",
    415: "Not a kind of file that is read",
    421: "Not a name of this server",
    422: "What came in cannot answer",
    429: "Too many at once",
    500: "This should not happen",
    503: "Not now",
    504: "Took too long",
}


class Declined(BilatError):
    """A request that is not answered: ``status`` and one line; ``wait`` seconds before it may be tried again."""

    def __init__(self, status: int, line: str, *, wait: int = 0) -> None:
        super().__init__(line)
        self.status = status
        self.wait = wait


def status_of(error: BilatError) -> int:
    """The status of an answer that is an error."""
    if isinstance(error, Declined):
        return error.status
    if isinstance(error, UsageError):
        return 404 if isinstance(error, UnknownName) else 400
    if isinstance(error, Damaged):
        return 503
    if isinstance(error, DataError):
        return 500 if isinstance(error, Unforeseen) else 422
    return 500
