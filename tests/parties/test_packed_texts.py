# SPDX-License-Identifier: Apache-2.0
"""Packed texts read as the list that they were made of, from memory and from an index file."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from bilat.parties.match import index_file
from bilat.parties.match.index import NameIndex, Party
from bilat.parties.match.own_letters import OwnLetters
from bilat.parties.match.packed_texts import PackedTexts, TextSet

TEXTS = ["Alfa", "", "Ромашка", "中国北方", "", "\U00020000 and a\nline"]


def test_packed_texts_are_a_sequence_of_the_same_texts() -> None:
    packed = PackedTexts.of(TEXTS)
    assert [*packed] == TEXTS and len(packed) == len(TEXTS)
    assert [packed[n] for n in range(-len(TEXTS), len(TEXTS))] == TEXTS + TEXTS
    assert packed[1:4] == TEXTS[1:4] and packed[4:] == TEXTS[4:]
    assert [*pickle.loads(pickle.dumps(packed))] == TEXTS
    with pytest.raises(IndexError):
        packed[len(TEXTS)]
    assert not [*PackedTexts.of([])]


def test_a_set_of_texts_tells_those_of_one_hash_apart() -> None:
    known = TextSet(PackedTexts.of(TEXTS))
    assert all(text in known for text in TEXTS)
    assert "Alf" not in known and "Beta" not in known
    known._hashes = np.full_like(known._hashes, hash("Beta"))  # as if all had its hash
    assert "Beta" not in known


def test_an_index_file_keeps_packed_texts(tmp_path: Path) -> None:
    index_file.write(tmp_path / "some.index", {"names/a": PackedTexts.of(TEXTS), "b": ["x", "y"]})
    found = index_file.read(tmp_path / "some.index")
    assert found is not None and [*found["names/a"]] == TEXTS and found["b"] == ["x", "y"]


def test_what_an_index_file_keeps_of_own_letters_finds_the_same() -> None:
    names = ("محمد حسن رضا", "حسن رضا کریمی", "Mohammad Hassan")
    index = NameIndex([Party(name, "Person", (name,)) for name in names])
    made = OwnLetters(index)
    kept = OwnLetters.from_kept(index, made.kept())
    asked = [["muhamad", "hasan", "reza"], ["hasan", "karimi"], ["wagner"]]
    says = [np.ones(len(words)) for words in asked]
    one = made.sharing(asked, says)
    two = kept.sharing(asked, says)
    assert len(one.asked) > 0
    for field in ("asked", "listed", "words", "says", "latin", "other", "left", "alike"):
        assert np.array_equal(getattr(one, field), getattr(two, field)), field


class _Planted:
    """An object that, where a file of it is read as a pickle, makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_no_object_in_an_index_file_is_ever_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    planted = np.empty(1, dtype=object)
    planted[0] = _Planted(ran)
    path = tmp_path / "some.npz"
    np.savez(path, **{"text.x": planted}, allow_pickle=True)
    assert index_file.read_texts(path, "x") == []
    assert index_file.read(path) is None
    assert not ran.exists()
    np.load(path, allow_pickle=True)["text.x"]
    assert ran.exists()  # the file was planted well
