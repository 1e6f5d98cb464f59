# SPDX-License-Identifier: Apache-2.0
"""Uploads: read a form piece by piece within limits of size and time, and save its file for the
strict readers."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from bilat.server.refusals import Refusal
from bilat.server.settings import Limits

#: The most bytes of a form without a file, and of one field: a few hundred names.
SMALL = 1 << 18
#: The most characters of a file's name that stay.
LONGEST_NAME = 80


@dataclass(frozen=True)
class UploadedForm:
    """The fields of a form in their order, and its file if one was sent."""

    items: list[tuple[str, str]]
    file: UploadFile | None = None

    def get(self, name: str) -> str:
        """Return a field without surrounding blanks; blank if it is missing."""
        return next((v.strip() for k, v in self.items if k == name), "")


async def read_form(request: Request, limits: Limits, *, files: bool) -> UploadedForm:
    """Read the form of a request; ``files`` says whether it may have a file.

    Raises
    ------
    Refusal
        413 above the size, 408 above the time, 415 for a body that is not a form, 400 for a broken
        one.
    """
    most = limits.upload_bytes if files else SMALL
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most:
        raise too_large(most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    stream = _bounded(request, most)
    try:
        async with asyncio.timeout(limits.upload_seconds):
            if kind == "multipart/form-data":
                form = await MultiPartParser(
                    request.headers,
                    stream,
                    max_files=1 if files else 0,
                    max_fields=250,
                    max_part_size=SMALL,
                ).parse()
            elif kind == "application/x-www-form-urlencoded":
                form = await FormParser(request.headers, stream).parse()
            else:
                raise Refusal(
                    415,
                    "a form is multipart/form-data or application/x-www-form-urlencoded, not "
                    f"{kind[:60]!r}",
                )
    except TimeoutError:
        line = (
            f"the upload took longer than {limits.upload_seconds:g} seconds; send less at once, or "
            "use a faster connection"
        )
        raise Refusal(408, line) from None
    except MultiPartException as e:
        raise Refusal(400, f"the form is broken: {e.message}. Send it again") from None
    except (KeyError, UnicodeError, ValueError) as e:
        raise Refusal(400, f"the form is broken ({type(e).__name__}). Send it again") from None
    except ClientDisconnect:
        raise Refusal(
            400, "the browser closed the connection before the form was complete"
        ) from None
    return _parts(form)


def _parts(form: FormData) -> UploadedForm:
    """Return the fields and the file; a browser sends an empty one if none was chosen."""
    file = None
    items = []
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            items.append((name, value))
        elif value.filename and value.size:
            file = value
    return UploadedForm(items, file)


def too_large(most: int) -> Refusal:
    """Return the refusal of a body above ``most`` bytes."""
    size = f"{most >> 20:,} MB" if most >= 1 << 20 else f"{most >> 10:,} KB"
    return Refusal(
        413, f"the upload is larger than {size}. Send less at once, or use the command line"
    )


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the body piece by piece; refuse it above ``most`` bytes."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise too_large(most)
        yield piece


def plain_name(given: str, endings: tuple[str, ...]) -> str:
    """Return a file name without folders and control characters, with an ending that is read.

    Raises
    ------
    Refusal
        415 for another ending.
    """
    last_part = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"[^\w.() -]", "_", unicodedata.normalize("NFC", last_part)).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or f".{ending.lower()}" not in endings:
        raise Refusal(
            415, f"a file ends in {', '.join(endings)}; this one is named {name[:LONGEST_NAME]!r}"
        )
    return f"{(stem[:LONGEST_NAME] or 'file')}.{ending.lower()}"


async def put(file: UploadFile, folder: Path, endings: tuple[str, ...]) -> Path:
    """Write an uploaded file into a folder under a plain name, and return its path."""
    place = folder / plain_name(file.filename or "", endings)
    with place.open("wb") as out:
        while piece := await file.read(1 << 20):
            await asyncio.to_thread(out.write, piece)
    await file.close()
    return place
