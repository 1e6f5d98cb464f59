# SPDX-License-Identifier: Apache-2.0
"""The question whether the receipt of a screening still holds: seal, files, editions of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from bilat.document import Column, Document, Frame, Question, Table
from bilat.document.fields import Written
from bilat.errors import UsageError, command
from bilat.files.digest import code, sha256_of
from bilat.files.json_types import Json
from bilat.holdings import Holdings
from bilat.units.notation import count_text

_CHECKED = (Column("part"), Column("holds"), Column("why"))


@dataclass(frozen=True)
class ReceiptCheck:
    """A part of a receipt: whether it holds (``unknown`` where it cannot be told), and why."""

    part: str
    holds: Literal["yes", "no", "unknown"]
    why: str


@dataclass(frozen=True)
class VerifyQuestion(Question):
    """Check the receipt of a screening: its seal, its files and the lists stored today."""

    verb = ("verify",)
    title = "ReceiptCheck a receipt"
    heading = "screen"
    examples = (command("verify", "receipt.json", key="team.key"),)
    served = False
    options = ("as_json", "holdings")
    needs = ("receipt",)
    receipt: Annotated[
        Path | None, Written(first=True, what="FILE"), "The receipt; its files must be next to it."
    ] = None
    key: Annotated[Path | None, Written(what="FILE"), "The key that sealed the receipt."] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.parties.answers.receipt import read_receipt

        if self.receipt is None:
            raise UsageError("name a receipt that `bilat screen` wrote")
        receipt = read_receipt(self.receipt)
        checks = [*self._checks(receipt, self.receipt.parent, frame.holdings or Holdings())]
        broken = [c for c in checks if c.holds == "no"]
        untold = [c for c in checks if c.holds == "unknown"]
        if broken:
            said = f"No: {broken[0].part} {broken[0].why}."
        elif untold:
            said = (
                f"As far as it can be told; {count_text(len(untold), 'parts')} cannot be checked."
            )
        else:
            said = "Yes: each part holds."
        rows = tuple((c.part, c.holds, c.why) for c in checks)
        return Document(
            "receipt",
            f"Receipt of a screening made {receipt.get('made')}, as of {receipt.get('as_of')}",
            (said,),
            (Table(_CHECKED, rows),),
            data={"checks": checks, "receipt": receipt},
            question=self,
            exit=1 if broken else 0,
        )

    def whole(self) -> bool:
        """Each part counts."""
        return True

    def _checks(
        self, receipt: Mapping[str, Json], folder: Path, holdings: Holdings
    ) -> Iterator[ReceiptCheck]:
        yield self._seal(receipt)
        for part in ("names", "rows", "decisions"):
            file = receipt.get(part)
            if isinstance(file, Mapping) and "file" in file:
                yield _file(folder / str(file["file"]), str(file["sha256"]))
        stored = {str(entry["sha256"]) for entry in holdings.entries()}
        lists = receipt.get("lists")
        for one in lists if isinstance(lists, list) else ():
            yield _list(one, stored)
        same = receipt.get("code") == code()
        why = "the version that screened" if same else "another version: it may screen otherwise"
        yield ReceiptCheck("bilat", "yes" if same else "unknown", f"is {why}")

    def _seal(self, receipt: Mapping[str, Json]) -> ReceiptCheck:
        from bilat.parties.answers.receipt import is_sealed_by, key_name, read_key

        seal = receipt.get("seal")
        if not isinstance(seal, Mapping):
            why = "is missing: anybody may have changed the receipt"
            return ReceiptCheck("the seal", "unknown" if self.key is None else "no", why)
        if self.key is None:
            return ReceiptCheck(
                "the seal", "unknown", f"is of key {seal.get('key')}: name it with `key`"
            )
        key = read_key(self.key)
        if is_sealed_by(receipt, key):
            return ReceiptCheck("the seal", "yes", f"is of this key ({key_name(key)})")
        if seal.get("key") != key_name(key):
            return ReceiptCheck("the seal", "no", f"is of another key ({seal.get('key')})")
        return ReceiptCheck(
            "the seal", "no", "does not fit: the receipt was changed after it was made"
        )


def _file(path: Path, digest: str) -> ReceiptCheck:
    if not path.is_file():
        return ReceiptCheck(path.name, "unknown", "is not next to the receipt")
    if sha256_of(path) == digest:
        return ReceiptCheck(path.name, "yes", "is unchanged")
    return ReceiptCheck(path.name, "no", "was changed after the screening")


def _list(of: Mapping[str, Json], stored: set[str]) -> ReceiptCheck:
    files = of.get("files")
    digests = [str(f["sha256"]) for f in files] if isinstance(files, list) else []
    lost = [digest for digest in digests if digest not in stored]
    edition = _edition(str(of.get("edition") or ""), str(of.get("content_to") or ""))
    if digests and not lost:
        return ReceiptCheck(str(of.get("list")), "yes", f"{edition} is stored")
    return ReceiptCheck(str(of.get("list")), "unknown", f"{edition} is not stored here today")


def _edition(day: str, content_to: str) -> str:
    """Return an edition by its date, and the day to which its content goes where that is another."""
    named = f"edition {day}" if day else "its edition"
    return f"{named}, with data to {content_to}," if content_to not in ("", day) else named
