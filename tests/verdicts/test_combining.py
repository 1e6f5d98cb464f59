# SPDX-License-Identifier: Apache-2.0
"""How tests make one verdict: what the printed words of the combination say."""

import itertools

import pytest

from bilat.verdicts.combining import ORDER, combine

S, P, N, X, M = "supported", "partly supported", "not supported", "contradicted", "not measurable"


@pytest.mark.parametrize(
    ("verdicts", "how", "whole"),
    [
        ([S, S], "all", S), ([S, P], "all", P), ([S, N], "all", "mixed"), ([S, X], "all", "mixed"),
        ([S, M], "all", P), ([X, N], "all", X), ([N, N], "all", N), ([M, M], "all", M), ([N, M], "all", N),
        ([S, S], "lead", S), ([S, P], "lead", S), ([S, N], "lead", P), ([S, X], "lead", "mixed"),
        ([S, M], "lead", P), ([P, X], "lead", "mixed"), ([P, S], "lead", P), ([N, S], "lead", N),
        ([X, S, S], "lead", X), ([M, S], "lead", M),
        ([X, S], "any", S), ([M, P], "any", P),
    ],
)  # fmt: skip
def test_combining(verdicts: list[str], how: str, whole: str) -> None:
    assert combine(verdicts, how) == whole  # type: ignore[arg-type]


def test_a_contradicted_leading_test_never_reads_partly_whatever_the_others_say() -> None:
    for others in itertools.product([*ORDER, M], repeat=3):
        assert combine([X, *others], "lead") == X
        assert combine([X, *others], "all") in (X, "mixed")
