# SPDX-License-Identifier: Apache-2.0
"""Names that no list has but that a listed firm goes by: acronyms of its words, and its name less ``bank``, ``group``.

Made from the names as listed, in whatever language a list has them: ``United Shipbuilding Corporation`` gives no
acronym (three letters fit too many), ``Tactical Missiles Corporation JSC`` none, ``Scientific Production Association
of Machine Building`` NPOM from its Russian name. They are weighed as doubtful names (``parameters.toml``), and only
those are kept that one party alone would bear and that no clean name has.
"""

from __future__ import annotations

from functools import cache

from bilat.parties.names.legal import legal_span
from bilat.parties.names.script import clean, has_han
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tokens import Form, form_of, words_of

ACRONYM, SHORT = 1, 2
#: What a derived name is called in a row.
CALLED = {ACRONYM: "acronym of the listed name", SHORT: "short form of the listed name"}
#: Letters of an acronym: fewer fit too many names, more are not acronym.
LETTERS = range(4, 9)
#: Words that a firm's short name leaves out.
_LEFT_OUT = "bank group holding company corporation concern банк группа холдинг компания корпорация концерн"
_LINKING = frozenset(
    "the of and for in on at to de la du des et i v s po na imeni im named after und der die das".split()  # noqa: SIM905
)


@cache
def generic() -> frozenset[str]:
    """Tokens of the words that a firm's short name leaves out (``bank``, ``group``)."""
    found = (form_of(words_of(w), False) for w in _LEFT_OUT.split())
    return frozenset(t for f in found if f for t in f.tokens)


def _words(name: str) -> list[str]:
    """Romanised words of a name without its legal form and without linking words."""
    text = clean(name).partition("(")[0]
    if (span := legal_span(text)) is not None:
        words = text.split()
        text = " ".join(words[: span[0]] + words[span[1] :])
    return [w for w in words_of(text) if w not in _LINKING]


def acronym(name: str) -> Form | None:
    """The initial letters of a firm's words; None where the name has digits, Han, or too few or many words."""
    if has_han(name) or any(c.isdigit() for c in name):
        return None
    words = _words(name)
    if len(words) not in LETTERS or any(len(w) < 3 for w in words):
        return None
    letters = "".join(w[0] for w in words)
    form = form_of([letters], False)
    return form if form and form.tokens == (stem(skeleton(letters)),) and not form.legal else None


def short_form(form: Form) -> Form | None:
    """A firm's name of one distinctive word once ``bank``, ``group`` and the like are left out; None otherwise."""
    kept = tuple(t for t in form.tokens if t not in generic())
    if len(kept) != 1 or len(form.tokens) == 1 or len(kept[0]) < 3 or not kept[0].isalpha():
        return None
    at = next((w for w in form.plain.split() if stem(skeleton(w)) == kept[0]), "")
    return Form(kept, frozenset(), at, True) if at else None
