# SPDX-License-Identifier: Apache-2.0
"""Names that a person types, with what is said beside them: refused where they mean nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bilat.errors import UsageError
from bilat.parties.match.states import state_of
from bilat.parties.run.queries import Query
from bilat.places import country as code_of

#: What a typed name may be said to be: the schemata of the lists.
SCHEMATA = ("Person", "LegalEntity", "Company", "Organization", "Vessel", "Airplane")


def typed(
    names: Sequence[str], born: str = "", country: str = "", schema: str | None = None, *, option: str = ""
) -> list[Query]:
    """The queries that typed names are, numbered from 1.

    ``option`` stands before the name of a refused field in the error: ``--`` on the command line.

    Raises
    ------
    UsageError
        for a name without a letter, a date, state or kind that is none.
    """
    for n, name in enumerate(names, 1):
        if not any(c.isalnum() for c in name):
            raise UsageError(f"name {n}: {name!r} holds no letter and no digit; write a name")
    if schema and schema not in SCHEMATA:
        raise UsageError(f"{option}schema {schema!r} is not known; use {', '.join(SCHEMATA)}")
    if country and state_of(country) is None:
        code_of(country)
    if born:
        try:
            dt.date.fromisoformat(born + {4: "-01-01", 7: "-01"}.get(len(born), ""))
        except ValueError:
            raise UsageError(
                f"{option}born {born!r} is not a date; write 1970, 1970-03 or 1970-03-21"
            ) from None
    return [
        Query(str(n), name, n, schema or None, country=country, born=born) for n, name in enumerate(names, 1)
    ]


def typed_names(names: Sequence[str | Query]) -> list[Query]:
    """Names of a notebook as queries, numbered from 1; queries stay as they are."""
    texts = [n for n in names if isinstance(n, str)]
    typed(texts)
    return [Query(str(n), q, n) if isinstance(q, str) else q for n, q in enumerate(names, 1)]
