# SPDX-License-Identifier: Apache-2.0
"""A whole file of Switzerland's list in its publisher's form, with the names of the embedded lists.

The form is that of the file of August to October 2026, as public programs that read it daily show
it: 8,670 targets of which 1,550 are de-listed, some 17,300 elements ``target`` with the copies in
their history, 42 MB, places behind the targets that refer to them.
"""

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

import pyarrow.parquet as pq

from bilat.holdings import Store, embedded_folder

TARGETS = 8670
DE_LISTED = 1550
#: Programmes, each with its share of the targets; of the last one there are a dozen.
PROGRAMMES = {"Ukraine": 40, "Iran": 20, "Syria": 15, "Belarus": 10, "North Korea": 10, "Mali": 0}
SMALL = "Mali"
PLACES = 400
LISTS = ("eu_financial", "ca_sema", "uk_sanctions")


@dataclass(frozen=True)
class Target:
    """One target, and what a reader must find of it."""

    ssid: int
    kind: str  #: individual, entity or vessel
    words: tuple[str, ...]  #: of the primary name; of a person family, given and father's name
    cyrillic: tuple[str, ...] = ()
    spelt: str = ""  #: another spelling of the first word in Latin letters
    born: str = ""
    state: str = "RU"
    programme: str = "Ukraine"
    number: str = ""
    #: (modification, day), the newest first
    changes: tuple[tuple[str, str], ...] = (("listed", "2022-03-04"),)

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def is_listed(self) -> bool:
        return self.changes[0][0] != "de-listed"


@dataclass
class Edition:
    """One file."""

    day: str
    targets: list[Target] = field(default_factory=list)

    def listed(self) -> list[Target]:
        return [t for t in self.targets if t.is_listed]

    def without(self, programme: str) -> "Edition":
        return Edition(self.day, [t for t in self.targets if t.programme != programme])


def _names() -> list[tuple[str, str]]:
    """Names of the embedded lists with what they are of."""
    found: dict[str, str] = {}
    for part in Store(embedded_folder()).parts(verify=False):
        if part.source in LISTS and part.table == "parties" and part.rows > 3000:
            rows = pq.read_table(part.path, columns=["name", "schema"]).to_pylist()
            found |= {r["name"]: r["schema"] for r in rows if r["name"]}
    return sorted(found.items())


def edition(day: str = "2026-11-20", targets: int = TARGETS, seed: int = 1) -> Edition:
    """Make the targets of a file: of each hundred some eighteen are de-listed."""
    chance = random.Random(seed)
    names = [n for n in _names() if " " in n[0]]
    chance.shuffle(names)
    weights = [*PROGRAMMES.values()]
    gone = round(targets * DE_LISTED / TARGETS)
    made = []
    for n, (name, schema) in enumerate(names[:targets]):
        kinds = {"Person": "individual", "Vessel": "vessel"}
        programme = SMALL if n < 12 else chance.choices([*PROGRAMMES], weights)[0]
        since = dt.date(2014, 3, 1) + dt.timedelta(days=chance.randrange(4400))
        one = Target(
            ssid=4000 + 7 * n,
            kind=kinds.get(schema, "entity"),
            words=tuple(name.split()[:3]) if schema == "Person" else (name,),
            programme=programme,
            changes=(("listed", str(since)),),
            state=chance.choice(["RU", "IR", "SY", "BY", "KP"]),
        )
        made.append(_with_details(one, n, chance, is_gone=n >= targets - gone))
    return Edition(day, made)


def _with_details(one: Target, n: int, chance: random.Random, *, is_gone: bool) -> Target:
    (_, since) = one.changes[0]
    if one.kind == "individual":
        born = dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(20000))
        known = [str(born), str(born)[:7], str(born)[:4], ""][chance.choice([0, 0, 0, 1, 2, 3])]
        one = replace(one, born=known, spelt=f"{one.words[0]}e" if n % 3 == 0 else "")
        one = replace(one, cyrillic=("ИВАНОВ",) * len(one.words) if n % 4 == 0 else ())
    elif one.kind == "vessel":
        one = replace(one, number=_imo(9_000_00 + n % 99_999))
    else:
        one = replace(one, number=str(7_700_000_000 + n))
    later = str(dt.date.fromisoformat(since) + dt.timedelta(days=90))
    changes = one.changes
    if n % 2:
        changes = (("amended", later), *changes)
    if is_gone:
        changes = (("de-listed", "2026-06-20"), *changes)
    elif n % 50 == 0:  # was off the list for a time
        changes = (("listed", later), ("de-listed", str(since)), ("listed", "2013-02-01"))
    return replace(one, changes=changes)


def _imo(six: int) -> str:
    digits = f"{six:06}"
    check = sum(int(c) * w for c, w in zip(digits, range(7, 1, -1), strict=True)) % 10
    return f"{digits}{check}"


def _name_parts(one: Target) -> str:
    kinds = ["family-name", "given-name", "father-name"] if one.kind == "individual" else []
    out = []
    for n, word in enumerate(one.words):
        kind = kinds[n] if kinds else "whole-name"
        more = ""
        if one.spelt and n == 0:
            more = f'<spelling-variant lang="RUS" script="LATN">{escape(one.spelt)}'
            more += "</spelling-variant>"
        if one.cyrillic:
            more += f'<spelling-variant lang="RUS" script="CYRL">{one.cyrillic[n]}'
            more += "</spelling-variant>"
        out.append(
            f'<name-part order="{n + 1}" name-part-type="{kind}"><value>{escape(word)}</value>'
            f"{more}</name-part>"
        )
    return "".join(out)


def _identity(one: Target) -> str:
    born = ""
    if one.born:
        parts = zip(("year", "month", "day"), one.born.split("-"), strict=False)
        said = " ".join(f'{what}="{int(value)}"' for what, value in parts)
        born = f'<day-month-year ssid="{one.ssid}3" {said} calendar="Gregorian" quality="good"/>'
    state = f'<nationality ssid="{one.ssid}4"><country iso-code="{one.state}"/></nationality>'
    document = ""
    if one.kind == "individual":
        document = f'<identification-document ssid="{one.ssid}6" document-type="passport">'
        document += f"<number>A{one.ssid:08}</number></identification-document>"
    return (
        f'<identity ssid="{one.ssid}1" main="true"><name ssid="{one.ssid}2" '
        f'name-type="primary-name" quality="good" lang="eng">{_name_parts(one)}</name>'
        f'{born}{state}<address ssid="{one.ssid}5" place-id="{90_000 + one.ssid % PLACES}" '
        f'quality="good"><address-details>{one.ssid} Street</address-details></address>'
        f"{document}</identity>"
    )


def _body(one: Target, reason: str) -> str:
    tag = {"vessel": "object"}.get(one.kind, one.kind)
    about = {"vessel": ' object-type="vessel"', "individual": ' sex="male"'}.get(one.kind, "")
    label = "IMO Number" if one.kind == "vessel" else "Registration number"
    said = f"{label}: {one.number}" if one.number else "Travel ban"
    return (
        f"<{tag}{about}>{_identity(one)}<justification ssid={quoteattr(f'{one.ssid}8')}>{reason}"
        f'</justification><other-information ssid="{one.ssid}9">{said}</other-information></{tag}>'
    )


def _target(one: Target, reason: str) -> str:
    number = f"<sanctions-set-id>{100 + list(PROGRAMMES).index(one.programme)}</sanctions-set-id>"
    body = _body(one, reason)
    # The history has the target as it was: under another set and another name.
    before = _body(replace(one, words=("FORMER NAME",), kind="entity", cyrillic=()), reason)
    copy = f'<target ssid="{one.ssid}"><sanctions-set-id>999</sanctions-set-id>{before}</target>'
    changes = []
    for what, day in one.changes:
        dates = f'enactment-date="{day}" publication-date="{day}" effective-date="{day}"'
        inside = f"<added>{_identity(one)}</added>" if what == "amended" else ""
        if what == "listed":
            inside = f"<added>{copy}</added>"
        changes.append(f'<modification modification-type="{what}" {dates}>{inside}</modification>')
    return f'<target ssid="{one.ssid}">{number}{body}{"".join(changes)}</target>'


def written(made: Edition, words: int = 0) -> bytes:
    """Write a file; ``words``: of each statement of reasons (some 130 make 42 MB)."""
    reason = " ".join(["responsible"] * words)
    programmes = "".join(
        f'<sanctions-program ssid="{20 + n}" version-date="2026-05-21">'
        f'<program-key lang="eng">{name}</program-key><program-key lang="ger">{name}</program-key>'
        f'<program-name lang="eng">Ordinance on {name}</program-name>'
        f'<sanctions-set ssid="{100 + n}" lang="eng">article 12</sanctions-set>'
        f"<origin>EU</origin></sanctions-program>"
        for n, name in enumerate(PROGRAMMES)
    )
    places = "".join(
        f'<place ssid="{90_000 + n}"><location>Town {n}</location><country iso-code="RU">Russia'
        f"</country></place>"
        for n in range(PLACES)
    )
    targets = "".join(_target(one, reason) for one in made.targets)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<swiss-sanctions-list list-type="whole-list" date="{made.day}">{programmes}{targets}'
        f"{places}</swiss-sanctions-list>"
    ).encode()
