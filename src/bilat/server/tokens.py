# SPDX-License-Identifier: Apache-2.0
"""Tokens: who may read where the server is not on loopback.

A program sends one as a bearer (RFC 6750); a browser asks its reader for name and password (RFC 7617), and the token
is the password. Nothing is kept of either.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from bilat.errors import DataError, UsageError

#: Characters of the shortest token that is taken; ``secrets.token_urlsafe(32)`` makes 43.
SHORTEST = 24


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
            raise UsageError(f"{path}: others can read these tokens. Run: chmod 600 {path}")
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise DataError(
            f"cannot be read ({e})", file=path, cure="name a file of lines NAME TOKEN"
        ) from None
    found: dict[str, str] = {}
    for n, line in enumerate(lines, 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            raise DataError(
                "is not NAME TOKEN", file=path, row=n, cure="write a name, a space and a token"
            )
        who, token = words
        if len(token) < SHORTEST:
            raise DataError(
                f"the token of {who} has {len(token)} characters",
                file=path,
                row=n,
                cure=f"write at least {SHORTEST}, as: python -c 'import secrets; "
                "print(secrets.token_urlsafe(32))'",
            )
        if digest(token) in found or who in found.values():
            raise DataError(
                f"{who}: the name or the token appears twice",
                file=path,
                row=n,
                cure="give each its own",
            )
        found[digest(token)] = who
    if not found:
        raise DataError("contains no token", file=path, cure="write a line: NAME TOKEN")
    return found


def who_sends(tokens: Mapping[str, str], authorization: str) -> str | None:
    """Who has the token of a header: ``Bearer TOKEN`` of a program, ``Basic`` of a browser; None for nobody."""
    kind, _, given = authorization.strip().partition(" ")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            return None
    return tokens.get(digest(given.strip())) if kind.lower() in ("basic", "bearer") else None
