# SPDX-License-Identifier: Apache-2.0
"""What a test of the ledger is about, and the names that its sentence may use."""

from __future__ import annotations

from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.measures import measure_named
from bilat.subject import Subject, is_about, names_of
from bilat.verdicts.claim_tests import Test
from bilat.verdicts.names import Names

#: Two states that no claim is about: asked of them, a test that follows its pair is about them.
STRANGERS = Dyad("IND", "PAK")


def subject_of(test: Test, pair: Dyad) -> Subject:
    """Return what the answer to a test is about when a claim is asked of a pair.

    Raises
    ------
    UsageError
        for an unknown measure or a parameter that it does not have.
    """
    named = test.named(pair.a, pair.b)
    spec = measure_named(named.measure)
    if spec is None:
        raise UsageError(f"no measure {named.measure!r}")
    of = Dyad(*named.dyad) if named.dyad else pair
    return spec.binding.subject(spec.binding.bind(spec.typed(named.params), of), of)


def names_for(test: Test, pair: Dyad) -> Names:
    """Return the names of ``{A}`` and ``{B}`` in a test's sentence: its own subject's, if any."""
    if not (test.of or test.dyad):
        return Names(pair)
    two = names_of(subject_of(test, pair))
    return Names(Dyad(*two) if two else pair)


def check_subject(test: Test, where: str, pairs: list[Dyad]) -> None:
    """Refuse a test that is about others than its claim and does not name them.

    Raises
    ------
    DataError
        naming the entry, what its test is about, and the line to write.
    """
    for pair in pairs:
        try:
            subject = subject_of(test, pair)
        except UsageError as e:
            raise DataError(f"{where}: a test asks {test.measure}, but {e}") from None
        is_own = bool(test.dyad) or is_about(subject, pair)
        if is_own and not test.of:
            continue
        if test.of != str(subject):
            said = f"says of = {test.of!r}" if test.of else f"is judged of {pair.name}"
            raise DataError(
                f"{where}: a test of {test.measure} {said} but is about {subject.name}",
                cure=f'write of = "{subject}" in the test',
            )
