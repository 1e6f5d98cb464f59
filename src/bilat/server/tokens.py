# SPDX-License-Identifier: Apache-2.0
"""Tokens: who may read where the server is not on loopback, and the session cookie a browser gets for one.

A session is signed with the token's own digest and keeps nothing on the server: it outlives a restart, and ends when
its token is taken off the file.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

from bilat.errors import DataError, UsageError

#: Characters of the shortest token that is taken; ``secrets.token_urlsafe(32)`` makes 43.
SHORTEST = 24
#: Seconds that a session lasts.
SESSION = 12 * 3600


def digest(token: str) -> str:
    """sha256 of a token, by which it is known here."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_tokens(path: Path) -> dict[str, str]:
    """sha256 of each token -> who has it, from lines ``NAME TOKEN``; ``#`` begins a remark.

    Raises
    ------
    UsageError, DataError
        for a file that is missing, open to others, or has a line that is none.
    """
    try:
        if os.name != "nt" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"{path}: others can read these tokens; run: chmod 600 {path}")
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise DataError(f"cannot be read ({e})", file=path, cure="name a file of lines NAME TOKEN") from None
    found: dict[str, str] = {}
    for n, line in enumerate(lines, 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            raise DataError("is not NAME TOKEN", file=path, row=n, cure="write a name, a space and a token")
        who, token = words
        if len(token) < SHORTEST:
            raise DataError(
                f"the token of {who} has {len(token)} characters", file=path, row=n,
                cure=f"write at least {SHORTEST}, as: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )  # fmt: skip
        if digest(token) in found or who in found.values():
            raise DataError(
                f"{who}: the name or the token stands twice", file=path, row=n, cure="give each its own"
            )
        found[digest(token)] = who
    if not found:
        raise DataError("holds no token", file=path, cure="write a line: NAME TOKEN")
    return found


def bearer(tokens: Mapping[str, str], token: str) -> str | None:
    """Who has a token; None for nobody."""
    return tokens.get(digest(token))


def session(token: str, now: float | None = None) -> str:
    """The cookie for a token: its short digest, when it ends, and a signature."""
    key = digest(token)
    ends = int((time.time() if now is None else now) + SESSION)
    return f"{key[:16]}.{ends}.{_signed(key, ends)}"


def who_has(tokens: Mapping[str, str], cookie: str, now: float | None = None) -> str | None:
    """Who has a session; None where it is forged, over, or its token is gone."""
    short, _, rest = cookie.partition(".")
    ends, _, signed = rest.partition(".")
    if not ends.isdigit() or len(ends) > 12 or int(ends) < (time.time() if now is None else now):
        return None
    for key, who in tokens.items():
        if key[:16] == short and hmac.compare_digest(_signed(key, int(ends)), signed):
            return who
    return None


def _signed(key: str, ends: int) -> str:
    return hmac.new(key.encode(), str(ends).encode(), hashlib.sha256).hexdigest()
