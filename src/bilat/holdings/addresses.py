# SPDX-License-Identifier: Apache-2.0
"""The answers of the addresses that a file of the catalog has, in one file.

An address may be tried for several days back, lead to a page that links to the file, or give its
rows page by page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bilat.catalog import File
from bilat.catalog.fetch import Progress, Refused, Reply, fetch, is_page
from bilat.errors import DataError

#: Bytes of a page in which a link is looked for.
LARGEST_PAGE = 2_000_000
#: The most rows that are fetched page by page.
MOST_ROWS = 1_000_000
#: The words of an ArcGIS feature service (REST query) by which it says that more rows follow.
FULL_PAGE = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
_NOT_FOUND = 404

#: Fetches an address into a file.
_Fetch = Callable[..., Reply]


def fetch_file(file: File, into: Path, validator: str | None, progress: Progress | None) -> Reply:
    """Fetch a file from its addresses.

    Parameters
    ----------
    file
        its entry in the catalog.
    into
        where the bytes are written; several answers follow one another.
    validator
        what the publisher sent with the stored edition. It is not used for a file of several
        answers: an unchanged first one does not mean that the others are unchanged.
    progress
        called with the bytes so far, and with their total where it is known.
    """
    answer = partial(
        fetch,
        progress=progress,
        most=file.most_bytes,
        hosts=file.hosts,
        plain_headers=file.headers,
        body=file.question(),
    )
    *newer, url = file.addresses()
    for address in newer:
        try:
            return answer(address, into)
        except Refused as e:
            if e.status != _NOT_FOUND:
                raise
    if file.link:
        answer(url, into)
        reply = answer(linked_address(file, into, url), into)
        return replace(reply, name=reply.name or _last_part(reply.address))
    has_several = bool(file.more or file.page)
    first = url.replace("{offset}", "0")
    reply = answer(first, into, validator=None if has_several else validator)
    if not reply.unchanged:
        _append_rest(file, into, url, answer)
    return reply


def _append_rest(file: File, into: Path, url: str, answer: _Fetch) -> None:
    """Append the answers of further addresses, and further pages until one is not full."""
    part = into.with_name(f"{into.name}.next")
    more = list(file.more)
    last = into
    offset = 0
    while more or (file.page and FULL_PAGE.search(last.read_bytes())):
        offset += file.page
        address = more.pop(0) if more else url.replace("{offset}", str(offset))
        answer(address, part)
        last = part
        with into.open("ab") as out:
            out.write(b"\n" + part.read_bytes())
            size = out.tell()
        if size > file.most_bytes or offset > MOST_ROWS:
            raise DataError(f"no end after {offset:,} rows, {size:,} bytes", file=file.path)
    part.unlink(missing_ok=True)


def linked_address(file: File, page: Path, url: str) -> str:
    """Return the address of the newest file that a page links to: the last by name.

    Raises
    ------
    Refused
        for a page without such a link, or a link to another host than the catalog names.
    """
    text = page.read_bytes()[:LARGEST_PAGE].decode("utf-8", "replace")
    links = {html.unescape(found) for found in re.findall(file.link, text)}
    if not links:
        raise Refused(f"{url}: has no link of the form {file.link}", _NOT_FOUND)
    address = urljoin(url, max(links, key=_after_slash))
    asked = urlsplit(url)
    target = urlsplit(address)
    if target.scheme != asked.scheme or target.netloc not in (asked.netloc, *file.hosts):
        raise Refused(f"{url}: links to {address}, which the catalog does not name", _NOT_FOUND)
    return address


def _last_part(address: str) -> str:
    """Return the file name that an address ends in."""
    return _after_slash(urlsplit(address).path)


def _after_slash(link: str) -> str:
    return link.rsplit("/", 1)[-1]


def refuse_page(file: File, path: Path) -> None:
    """Refuse a page for a browser that came in place of the file.

    Raises
    ------
    Refused
        with status 200, as from a publisher that refuses programs.
    """
    if Path(file.path).suffix in (".html", ".htm"):
        return
    with path.open("rb") as handle:
        if is_page(handle.read(1024)):
            raise Refused(f"{file.url}: answers with a page in place of the file", 200)


def validators(incoming: Path) -> dict[str, str]:
    """Return the validator (ETag or date) of the stored edition by address.

    A file of validators that cannot be read counts as empty, so each file is fetched again.
    """
    try:
        seen = json.loads((incoming / "validators.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    if not isinstance(seen, dict):
        return {}
    return {address: value for address, value in seen.items() if isinstance(value, str)}
