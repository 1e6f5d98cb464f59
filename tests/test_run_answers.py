# SPDX-License-Identifier: Apache-2.0
"""The answers that the tests of a run share are those of the code as it stands."""

import os

import pytest
import run_answers

from bilat.files import cache


def test_a_test_that_patches_neither_reads_nor_keeps_answers() -> None:
    shared = os.environ[run_answers.VARIABLE]
    assert os.environ["BILAT_CACHE"] == shared and cache.folder("answers") is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "VERSIONS", cache.VERSIONS)
        assert cache.folder("answers") is None
    assert os.environ["BILAT_CACHE"] == shared
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bilat.files.cache.VERSIONS", cache.VERSIONS)
        assert cache.folder("answers") is None
    assert cache.folder("answers") is not None


def test_a_folder_that_a_test_names_itself_stays(tmp_path: os.PathLike[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BILAT_CACHE", str(tmp_path))
        patch.setattr(cache, "VERSIONS", cache.VERSIONS)
        assert os.environ["BILAT_CACHE"] == str(tmp_path)
