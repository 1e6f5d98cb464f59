# SPDX-License-Identifier: Apache-2.0
"""The receipt of a screening: what was screened, against which editions of which lists, with what
result, and what was not looked at.

It is one JSON file, so that an auditor can say years later what was known on the day. With a key it
is sealed by HMAC-SHA-256 (RFC 2104) over its canonical text: whoever has the key can tell whether a
character of it was changed since.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document.plain import plain
from bilat.errors import DataError, UsageError
from bilat.files.digest import code, sha256_of
from bilat.files.json_types import Json, JsonObject
from bilat.files.write import write_text
from bilat.formats.json_text import parse_json
from bilat.holdings import Holdings
from bilat.parties.lists.entries import Used, list_sources

if TYPE_CHECKING:
    from bilat.parties.answers.run import Run
    from bilat.parties.screening.request import Screening

SCHEMA = "bilat/receipt/1"
ALGORITHM = "HMAC-SHA256"
#: Bytes that a key has at least: below, it can be guessed.
LEAST_KEY = 16
#: Bytes of a receipt that are read.
_MOST = 8 << 20


def receipt_of(
    run: Run,
    question: Screening,
    holdings: Holdings,
    *,
    names: Path | None = None,
    rows: Path | None = None,
) -> JsonObject:
    """Return the receipt of a run, not sealed.

    Parameters
    ----------
    names
        the file that was screened; None where the names were typed.
    rows
        the file of alerts that the run wrote.
    """
    stored = {used.source for used in run.lists if used.parties}
    log = question.decisions
    asked = question if names is None else replace(question, name=(names.name,))
    return {
        "schema": SCHEMA,
        "bilat": metadata.version("bilat"),
        "code": code(),
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "as_of": run.day.isoformat(),
        "question": plain(asked),
        "names": _file(names) if names else {"typed": run.queries},
        "rows": _file(rows) if rows else None,
        "decisions": _file(log) if log is not None and log.is_file() else None,
        "lists": [_list(used, holdings) for used in run.lists if used.parties],
        "listed_parties": run.data_version,
        "not_stored": [source for source in list_sources() if source not in stored],
        "screened": run.queries,
        "results": dict(sorted(run.names.items())),
        "notes": list(run.notes),
    }


def _file(path: Path) -> JsonObject:
    return {"file": path.name, "sha256": sha256_of(path)}


def _list(used: Used, holdings: Holdings) -> JsonObject:
    editions = [
        {"vintage": str(entry["vintage"]), "sha256": str(entry["sha256"])}
        for entry in holdings.entries()
        if entry["source"] == used.source and "parties" in entry["tables"]
    ]
    if not editions and Path(used.source).is_file():
        editions = [{"vintage": used.edition, "sha256": sha256_of(Path(used.source))}]
    return {
        "list": used.source,
        "parties": used.parties,
        "edition": used.edition,
        "content_to": used.content,
        "publisher_asked": used.asked,
        "publisher_answered": used.answer,
        "files": editions,
    }


def sealed(receipt: JsonObject, key: bytes) -> JsonObject:
    """Return a receipt with its seal.

    Raises
    ------
    UsageError
        for a key of fewer than 16 bytes.
    """
    if len(key) < LEAST_KEY:
        raise UsageError(f"the key has {len(key)} bytes: use a file of at least {LEAST_KEY}")
    bare = {name: value for name, value in receipt.items() if name != "seal"}
    seal = {"algorithm": ALGORITHM, "key": key_name(key), "value": _seal(bare, key)}
    return {**bare, "seal": seal}


def key_name(key: bytes) -> str:
    """Return what names a key without telling it: the head of its digest."""
    return hashlib.sha256(b"bilat receipt key\0" + key).hexdigest()[:16]


def _seal(receipt: JsonObject, key: bytes) -> str:
    text = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_sealed_by(receipt: JsonObject, key: bytes) -> bool:
    """Whether the seal of a receipt is of this key and this text."""
    seal = receipt.get("seal")
    if not isinstance(seal, Mapping) or seal.get("algorithm") != ALGORITHM:
        return False
    bare = {name: value for name, value in receipt.items() if name != "seal"}
    return hmac.compare_digest(str(seal.get("value")), _seal(bare, key))


def write_receipt(receipt: JsonObject, path: Path) -> None:
    """Write a receipt, whole or not at all.

    Raises
    ------
    DataError
        if it cannot be written.
    """
    write_text(path, json.dumps(receipt, ensure_ascii=False, indent=1) + "\n")


def read_receipt(path: Path) -> dict[str, Json]:
    """Read a receipt.

    Raises
    ------
    DataError
        for a file that is none.
    """
    cure = "give a receipt that `bilat screen` wrote"
    try:
        raw = path.read_bytes()
        found = parse_json(raw[:_MOST].decode("utf-8"))
    except FileNotFoundError:
        raise DataError("file not found", file=path, cure=cure) from None
    except OSError as e:
        raise DataError(f"cannot be read ({e.strerror})", file=path, cure=cure) from None
    except ValueError:
        raise DataError("is not a receipt", file=path, cure=cure) from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise DataError(f"is not a receipt: its schema is not {SCHEMA}", file=path, cure=cure)
    return found


def read_key(path: Path) -> bytes:
    """Read a key: the bytes of a file, without a line's end.

    Raises
    ------
    UsageError
        if it cannot be read.
    """
    try:
        return path.read_bytes().rstrip(b"\r\n")
    except OSError as e:
        raise UsageError(f"{path}: the key cannot be read ({e.strerror})") from None
