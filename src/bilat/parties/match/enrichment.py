# SPDX-License-Identifier: Apache-2.0
"""What a name field carries besides the name: numbers, a date of birth, an address, a town; and
what numbers carry: the state of a bank, and of a firm in Russia's or China's register.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from bilat.formats.parties import Identifier
from bilat.parties.match.readings import field_segments
from bilat.parties.names.states import state_of
from bilat.parties.queries.headers import BANK
from bilat.parties.queries.query import Query, bare_numbers, numbers_of

#: The state whose register gives a kind of number. An INN may be a foreign firm's, and a LEI names
#: who issued it and no state.
_STATE_OF_REGISTER = {"ogrn": "RU", "uscc": "CN"}
#: An account by ISO 13616: the state of its bank, two check digits, the account.
_IBAN = re.compile(r"([A-Z]{2})[0-9]{2}[A-Z0-9]{11,30}")


def enrich(query: Query, listed: Container[str] = ()) -> Query:
    """Return a query with what its name field carries: numbers, birth, address and town. A bank or
    a firm without a state has that of its numbers.

    A word alone may be a BIC by its letters (``SBERBANK``): it is one if it is ``listed`` as one.
    """
    apart = field_segments(query.name)
    bare = [
        i for i in bare_numbers(query.name) if i.kind != "swift" or f"swift:{i.value}" in listed
    ]
    numbers = (*query.identifiers, *bare, *numbers_of(apart.numbers))
    if not (numbers or apart.born or apart.address or apart.town):
        return query
    stated = query.country or query.nationality
    return replace(
        query,
        identifiers=tuple(dict.fromkeys(numbers)),
        country=query.country if stated else _state_of_numbers(numbers, query.role),
        born=query.born or apart.born,
        address=query.address or apart.address,
        place=query.place or apart.town,
    )


def _state_of_numbers(numbers: Sequence[Identifier], role: str) -> str:
    """Return the two letters of the state that numbers name; blank where none or several do."""
    registers = {_STATE_OF_REGISTER.get(number.kind, "") for number in numbers}
    states = {*registers, _state_of_bank(numbers, role)} - {""}
    return states.pop() if len(states) == 1 else ""


def _state_of_bank(numbers: Iterable[Identifier], role: str) -> str:
    """Return the two letters of the state that a bank's numbers name; blank where they name none,
    or several.

    Whoever has a BIC is the bank; an account is of the bank's state, wherever its holder is.
    """
    states = {number.value[4:6] for number in numbers if number.kind == "swift"}
    if role == BANK:
        accounts = (_IBAN.fullmatch(number.value) for number in numbers)
        states |= {account[1] for account in accounts if account}
    known = {*filter(state_of, states)}
    return known.pop() if len(known) == 1 else ""
