# SPDX-License-Identifier: Apache-2.0
"""Each address that docs/serve.md asks with curl is answered; forms are sent by test_serve_doors.py."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from served import Served

PAGE = Path(__file__).resolve().parents[2] / "docs" / "serve.md"
LINES = re.findall(r"^curl 'http.*$", PAGE.read_text("utf-8"), re.M)


def test_the_page_shows_addresses() -> None:
    assert len(LINES) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_an_address_of_the_docs_is_answered(line: str, server: Served) -> None:
    (word,) = shlex.split(line)[1:]
    where = urlsplit(word)
    assert where.netloc == "127.0.0.1:8321"
    answer = server.ask("GET", f"{where.path}?{where.query}")
    assert answer.status == 200, answer.text[:300]
    assert answer.json["schema"] and answer.json["title"]
