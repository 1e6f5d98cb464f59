# SPDX-License-Identifier: Apache-2.0
"""A JSON list that contains everything twice is refused, whatever its entries are numbered by."""

import json
from pathlib import Path

import pytest
from sample_files import FOLDER

from bilat.catalog import read, source
from bilat.errors import DataError

REGISTRY = [
    ("jp_end_users", "jp_meti_end_user_list_2026-07-20.json"),
    ("cn_announcements", "cn_mofcom_lists_2026-07-19.json"),
]


def doubled(value: object) -> object:
    """The value with every list of records in it twice."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [*value, *value]
    if isinstance(value, dict):
        return {k: doubled(v) for k, v in value.items()}
    return value


@pytest.mark.parametrize(("name", "path"), REGISTRY)
def test_a_json_list_that_has_everything_twice_is_refused(
    name: str, path: str, tmp_path: Path
) -> None:
    one = source(name)
    file = one.files[-1].model_copy(update={"min_rows": 1})
    whole = FOLDER / name / path
    assert read(one, file, whole)
    twice = tmp_path / path
    twice.write_text(json.dumps(doubled(json.loads(whole.read_text("utf-8")))), "utf-8")
    with pytest.raises(DataError, match="twice"):
        read(one, file, twice)


@pytest.mark.parametrize(("name", "path"), REGISTRY)
def test_a_json_list_in_the_wrong_encoding_is_refused(name: str, path: str, tmp_path: Path) -> None:
    one = source(name)
    file = one.files[-1].model_copy(update={"min_rows": 1})
    whole = (FOLDER / name / path).read_text("utf-8").replace("EXAMPLE", "例公司")
    sound = tmp_path / "sound.json"
    sound.write_text(whole, "utf-8")
    assert read(one, file, sound)
    spoilt = tmp_path / path
    spoilt.write_text(whole.encode("utf-8").decode("latin-1"), "utf-8")
    with pytest.raises(DataError, match="wrong encoding"):
        read(one, file, spoilt)
