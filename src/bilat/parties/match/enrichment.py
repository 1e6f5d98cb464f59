# SPDX-License-Identifier: Apache-2.0
"""What a name field carries besides the name: numbers, a date of birth, an address, a town."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from bilat.parties.match.readings import field_segments
from bilat.parties.queries.query import Query, bare_numbers, numbers_of


def enrich(query: Query, listed: Container[str] = ()) -> Query:
    """Return a query with what its name field carries: numbers, birth, address and town.

    A word alone may be a BIC by its letters (``SBERBANK``): it is one if it is ``listed`` as one.
    """
    apart = field_segments(query.name)
    bare = [
        i for i in bare_numbers(query.name) if i.kind != "swift" or f"swift:{i.value}" in listed
    ]
    numbers = (*query.identifiers, *bare, *numbers_of(apart.numbers))
    if not (numbers or apart.born or apart.address or apart.town):
        return query
    return replace(
        query,
        identifiers=tuple(dict.fromkeys(numbers)),
        born=query.born or apart.born,
        address=query.address or apart.address,
        place=query.place or apart.town,
    )
