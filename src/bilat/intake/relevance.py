# SPDX-License-Identifier: Apache-2.0
"""Which claims a text bears on, learnt from the documents that people have labelled with claims.

A ridge regression over words and pairs of words gives each claim a score; the documents that are
nearest to the text and the claim's own words add to it. Fitted in less than a second when it is
first needed, from the documents that were public on the date asked: nothing later is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy import sparse

from bilat.intake.terms import terms
from bilat.verdicts.ledger import Claim

#: Weight against large coefficients.
RIDGE = 1.0
#: How many of a claim's nearest documents count, the nearest most, and what they add.
NEAREST = 6
NEAREST_WEIGHT = 0.5
#: What the words of the claim itself add.
CLAIM_WEIGHT = 0.3

Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Labelled:
    """A stored document as the model learns from it."""

    id: str
    text: str
    claims: tuple[str, ...]


class Vocabulary:
    """The terms that were seen, with how telling each is."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = Counter(term for text in texts for term in set(terms(text)))
        self.columns = {term: column for column, term in enumerate(sorted(counts))}
        rarity = [math.log((len(texts) + 1) / (counts[term] + 0.5)) for term in self.columns]
        self.rarity = np.array(rarity)

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the texts as rows of length one."""
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            counts = Counter(t for t in terms(text) if t in self.columns)
            mine = [self.columns[t] for t in counts]
            weights = (1 + np.log([*counts.values()])) * self.rarity[mine] if mine else np.zeros(0)
            length = float(np.linalg.norm(weights)) or 1.0
            values += (weights / length).tolist()
            columns += mine
            ends.append(len(columns))
        shape = len(texts), len(self.columns)
        return sparse.csr_matrix((values, columns, ends), shape=shape)


class ClaimModel:
    """Scores of every claim for a text.

    Parameters
    ----------
    claims
        the ledger.
    documents
        stored documents; those without a claim are not used.
    """

    def __init__(self, claims: Sequence[Claim], documents: Iterable[Labelled]) -> None:
        self.claims = tuple(c.id for c in claims)
        labelled = [d for d in documents if set(d.claims) & set(self.claims)]
        texts = [d.text for d in labelled] + [claim_text(c) for c in claims]
        self._vocabulary = Vocabulary(texts)
        self._rows = self._vocabulary.matrix(texts)
        self._own = len(labelled)
        targets = self._targets(labelled)
        self._labels = [np.flatnonzero(column) for column in targets[: self._own].T]
        kernel = (self._rows @ self._rows.T).toarray()
        centred = targets - targets.mean(axis=0)
        solved = np.linalg.solve(kernel + RIDGE * np.eye(len(texts)), centred)
        self._coefficients = np.asarray(self._rows.T @ solved)

    def _targets(
        self, labelled: Sequence[Labelled]
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        column = {claim: i for i, claim in enumerate(self.claims)}
        targets = np.zeros((len(labelled) + len(self.claims), len(self.claims)))
        for row, document in enumerate(labelled):
            mine = [column[c] for c in document.claims if c in column]
            targets[row, mine] = 1 / math.sqrt(
                len(mine)
            )  # a document of many claims tells each less
        targets[len(labelled) :] = np.eye(len(self.claims))
        return targets

    def scores(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Return a row of scores for each text, a column for each claim."""
        rows = self._vocabulary.matrix(texts)
        found = np.asarray(rows @ self._coefficients)
        likeness = (rows @ self._rows.T).toarray()
        found += CLAIM_WEIGHT * likeness[:, self._own :]
        places = np.arange(1, NEAREST + 1)
        for claim, labels in enumerate(self._labels):
            nearest = -np.sort(-likeness[:, labels], axis=1)[:, :NEAREST]
            found[:, claim] += NEAREST_WEIGHT * (nearest / places[: nearest.shape[1]]).sum(axis=1)
        return found

    def ranked(self, text: str) -> list[str]:
        """Return the claims, the likeliest first."""
        order = np.argsort(-self.scores([text])[0], kind="stable")
        return [self.claims[i] for i in order]


def claim_text(claim: Claim) -> str:
    """Return the words of a claim: what it says, what would tell, and what its tests are about."""
    spoken = claim.claim.replace("{A}", "Russia").replace("{B}", "China")
    needs = claim.needs.replace("{A}", "Russia").replace("{B}", "China")
    return " ".join([spoken, spoken, needs, claim.section, *(t.what for t in claim.tests)])


def labelled(rows: Mapping[str, Mapping[str, object]], claims: Sequence[Claim]) -> list[Labelled]:
    """Return the stored documents with their claims: those that cite them, and their reader's."""
    cited: dict[str, set[str]] = {}
    for claim in claims:
        for document in claim.documents:
            cited.setdefault(document.id, set()).add(claim.id)
    found = []
    for name, row in rows.items():
        of_reader = str(row["claims"] or "").split(";")
        mine = cited.get(name, set()) | {c for c in of_reader if c}
        found.append(Labelled(name, document_text(row), tuple(sorted(mine))))
    return found


def document_text(row: Mapping[str, object]) -> str:
    """Return the words of a stored document: its title and what it says."""
    return f"{row['title'] or ''} {row['what']}"
