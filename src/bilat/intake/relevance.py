# SPDX-License-Identifier: Apache-2.0
"""Rank claims by how much a text bears on them, learnt from documents that people labelled.

The score of a claim is the sum of three parts: a ridge regression over words and pairs of words, the
similarity of the claim's nearest documents, and that of the claim's own words. The model is fitted
in less than a second when it is first needed, from the documents that were public on the date asked.
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

#: The penalty on large coefficients of the regression.
RIDGE = 1.0
#: How many of a claim's nearest documents count: the nearest by its whole similarity, the second by
#: a half of it, the third by a third.
NEAREST = 6
#: The weight of their similarity.
NEAREST_WEIGHT = 0.5
#: The weight of the similarity to the claim's own words.
CLAIM_WEIGHT = 0.3

Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Labelled:
    """A stored document as the model learns from it."""

    id: str
    text: str
    claims: tuple[str, ...]


class Vocabulary:
    """The terms of some texts, each with a column of its own and its rarity among the texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        texts_with = Counter(term for text in texts for term in set(terms(text)))
        self.columns = {term: column for column, term in enumerate(sorted(texts_with))}
        # The logarithm of the inverse of the share of texts with a term, smoothed.
        rarity = [math.log((len(texts) + 1) / (texts_with[term] + 0.5)) for term in self.columns]
        self.rarity = np.array(rarity)

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the texts as rows of length one, so that their products are their similarities.

        Terms outside the vocabulary are left out. Shape (texts, terms).
        """
        values: list[float] = []
        columns: list[int] = []
        row_ends = [0]
        for text in texts:
            counts = Counter(term for term in terms(text) if term in self.columns)
            if counts:
                own_columns = [self.columns[term] for term in counts]
                frequency = 1 + np.log(list(counts.values()))
                weights = frequency * self.rarity[own_columns]
                length = float(np.linalg.norm(weights)) or 1.0
                values.extend((weights / length).tolist())
                columns.extend(own_columns)
            row_ends.append(len(columns))
        shape = (len(texts), len(self.columns))
        return sparse.csr_matrix((values, columns, row_ends), shape=shape)


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
        self.claims = tuple(claim.id for claim in claims)
        used = [document for document in documents if set(document.claims) & set(self.claims)]
        texts = [document.text for document in used]
        texts += [claim_text(claim) for claim in claims]
        self._vocabulary = Vocabulary(texts)
        #: The documents and below them the claims' own words, as rows.
        self._rows = self._vocabulary.matrix(texts)
        self._first_claim = len(used)
        targets = self._targets(used)
        #: Of each claim, the rows of its documents.
        self._documents_of = [np.flatnonzero(column) for column in targets[: len(used)].T]
        kernel = (self._rows @ self._rows.T).toarray()
        centred = targets - targets.mean(axis=0)
        solved = np.linalg.solve(kernel + RIDGE * np.eye(len(texts)), centred)
        self._coefficients = np.asarray(self._rows.T @ solved)

    def _targets(self, documents: Sequence[Labelled]) -> Matrix:
        """Return the targets of the regression, of shape (documents and claims, claims).

        A document has 1/√n for each of its n claims: the more it has, the less it says about each.
        The words of a claim have 1 for the claim.
        """
        column_of = {claim: column for column, claim in enumerate(self.claims)}
        targets = np.zeros((len(documents) + len(self.claims), len(self.claims)))
        for row, document in enumerate(documents):
            columns = [column_of[claim] for claim in document.claims if claim in column_of]
            targets[row, columns] = 1 / math.sqrt(len(columns))
        targets[len(documents) :] = np.eye(len(self.claims))
        return targets

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return a row of scores for each text, a column for each claim."""
        rows = self._vocabulary.matrix(texts)
        scores = np.asarray(rows @ self._coefficients)
        similarity = (rows @ self._rows.T).toarray()
        scores += CLAIM_WEIGHT * similarity[:, self._first_claim :]
        for claim, documents in enumerate(self._documents_of):
            descending = -np.sort(-similarity[:, documents], axis=1)
            nearest = descending[:, :NEAREST]
            positions = np.arange(1, nearest.shape[1] + 1)
            scores[:, claim] += NEAREST_WEIGHT * (nearest / positions).sum(axis=1)
        return scores

    def ranked(self, text: str) -> list[str]:
        """Return the claims, that with the highest score first."""
        (scores,) = self.scores([text])
        order = np.argsort(-scores, kind="stable")
        return [self.claims[claim] for claim in order]


def claim_text(claim: Claim) -> str:
    """Return the words of a claim.

    These are what it says (twice, so that it weighs double), the evidence that it needs, its
    section, and what its tests measure.
    """
    says = claim.claim.replace("{A}", "Russia").replace("{B}", "China")
    needs = claim.needs.replace("{A}", "Russia").replace("{B}", "China")
    return " ".join([says, says, needs, claim.section, *(test.what for test in claim.tests)])


def labelled(rows: Mapping[str, Mapping[str, object]], claims: Sequence[Claim]) -> list[Labelled]:
    """Return the stored documents, each with the claims that cite it and those that the person who
    read it named."""
    citing: dict[str, set[str]] = {}
    for claim in claims:
        for document in claim.documents:
            citing.setdefault(document.id, set()).add(claim.id)
    found = []
    for name, row in rows.items():
        named = {claim for claim in str(row["claims"] or "").split(";") if claim}
        claims_of = named | citing.get(name, set())
        found.append(Labelled(name, document_text(row), tuple(sorted(claims_of))))
    return found


def document_text(row: Mapping[str, object]) -> str:
    """Return the words of a stored document: its title and what it says."""
    return f"{row['title'] or ''} {row['what']}"
