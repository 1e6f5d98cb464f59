# SPDX-License-Identifier: Apache-2.0
"""Switzerland's whole file in its publisher's form: read, renewed, and spoilt."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from swiss import SMALL, Edition, Target, edition, written

from bilat.catalog import source
from bilat.formats.parties.record import ListedParty
from bilat.formats.parties.seco import parties
from bilat.holdings import Store
from bilat.holdings.acceptance import Pulled
from bilat.holdings.pull import pull

TARGETS = 1000


@pytest.fixture(scope="module")
def made() -> Edition:
    return edition(targets=TARGETS)


@pytest.fixture(scope="module")
def read(made: Edition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ListedParty]:
    path = tmp_path_factory.mktemp("swiss") / "list.xml"
    path.write_bytes(written(made))
    return {p.id: p for p in parties(path)}


def test_whoever_is_in_force_is_read_and_nothing_of_the_history(
    made: Edition, read: dict[str, ListedParty]
) -> None:
    assert read.keys() == {f"ch-{t.ssid}" for t in made.listed()}
    assert len(read) < len(made.targets)
    for target in made.listed():
        party = read[f"ch-{target.ssid}"]
        assert party.name == target.name
        assert party.born == target.born
        assert [e.programme for e in party.listings] == [target.programme]
        since = max(day for what, day in target.changes if what == "listed")
        assert str(party.listings[0].listed_on) == since
        assert party.countries == (target.state,)
        assert party.addresses[0].city == f"Town {target.ssid % 400}"
        assert "FORMER NAME" not in [n.text for n in party.names]


def test_who_was_off_the_list_for_a_time_stands_on_it(
    made: Edition, read: dict[str, ListedParty]
) -> None:
    back = [t for t in made.listed() if "de-listed" in dict(t.changes)]
    assert len(back) > 10
    assert all(f"ch-{t.ssid}" in read for t in back)


def test_another_spelling_of_one_word_is_no_name_by_itself(
    made: Edition, read: dict[str, ListedParty]
) -> None:
    spelt = [t for t in made.listed() if t.spelt and t.cyrillic and len(t.words) > 1]
    assert spelt
    for target in spelt:
        names = [n.text for n in read[f"ch-{target.ssid}"].names]
        latin = " ".join((target.spelt, *target.words[1:]))
        assert names == list(dict.fromkeys((target.name, latin, " ".join(target.cyrillic))))


def test_numbers_are_read_from_documents_and_from_words(
    made: Edition, read: dict[str, ListedParty]
) -> None:
    for target in made.listed():
        kinds = {i.kind: i.value for i in read[f"ch-{target.ssid}"].identifiers}
        if target.kind == "vessel":
            assert kinds["imo"] == target.number
        elif target.kind == "individual":
            assert kinds == {"passport": f"A{target.ssid:08}"}
        else:
            assert target.number in kinds.values()


def taken_in(body: bytes, folder: Path, name: str = "today.xml") -> Pulled:
    """Take in a file that was saved by hand."""
    one = source("ch_seco")
    few = [c.model_copy(update={"min_rows": 2000}) for c in one.current]
    saved = folder / name
    saved.write_bytes(body)
    store = Store(folder / "h")
    (done,) = pull([one.model_copy(update={"current": few})], store, mirror=saved)
    return done


def test_the_next_edition_is_taken_in_and_what_changed_is_said(
    made: Edition, tmp_path: Path
) -> None:
    assert taken_in(written(made), tmp_path).status == "added"
    again = taken_in(written(replace(made, day="2026-11-21")) + b"\n", tmp_path)
    assert (again.status, again.changes) == ("unchanged", ())
    gone = made.listed()[30].ssid
    targets = [de_listed(t) if t.ssid == gone else t for t in made.targets]
    targets += [replace(t, ssid=t.ssid + 900_000, words=("NEW ONE",)) for t in made.targets[:12]]
    done = taken_in(written(Edition("2026-11-28", targets)), tmp_path)
    assert done.status == "added", done.why
    said = " ".join(done.changes)
    assert "12 new" in said
    assert "1 gone" in said


def de_listed(target: Target) -> Target:
    return replace(target, changes=(("de-listed", "2026-11-27"), *target.changes))


def without_small(made: Edition) -> bytes:
    return written(made.without(SMALL))


def cut_short(made: Edition) -> bytes:
    """The last half per cent of those in force are missing."""
    few = {t.ssid for t in made.listed()[-max(8, len(made.listed()) // 200) :]}
    return written(Edition(made.day, [t for t in made.targets if t.ssid not in few]))


def doubled(made: Edition) -> bytes:
    twice = [replace(t, ssid=t.ssid + 900_000) for t in made.targets]
    return written(Edition(made.day, [*made.targets, *twice]))


def in_wrong_encoding(made: Edition) -> bytes:
    return written(made).decode().encode().decode("cp1252", "replace").encode()


def all_de_listed(made: Edition) -> bytes:
    some = [de_listed(t) if n % 8 == 0 else t for n, t in enumerate(made.targets)]
    return written(Edition(made.day, some))


SPOILT: dict[str, tuple[Callable[[Edition], bytes], str]] = {
    "a programme is gone": (without_small, "quarantined"),
    "the last half per cent is gone": (cut_short, "quarantined"),
    "everybody appears twice": (doubled, "quarantined"),
    "the wrong encoding": (in_wrong_encoding, "refused"),
    "an eighth is de-listed": (all_de_listed, "quarantined"),
    "the end is missing": (lambda made: written(made)[:-2000], "refused"),
    "a name is renamed": (
        lambda made: written(made).replace(b"name-part", b"namepart"),
        "refused",
    ),
    "births only are renamed": (
        lambda made: written(made).replace(b"day-month-year", b"birth-date"),
        "quarantined",
    ),
    "places are gone": (lambda made: written(made).replace(b"<place ", b"<town "), "refused"),
}


@pytest.fixture(scope="module")
def first(made: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first edition."""
    folder = tmp_path_factory.mktemp("first")
    assert taken_in(written(made), folder).status == "added"
    return folder


@pytest.mark.parametrize("way", SPOILT)
def test_a_spoilt_edition_is_not_taken_in(way: str, made: Edition, first: Path) -> None:
    spoil, status = SPOILT[way]
    before = Store(first / "h").entries()
    done = taken_in(spoil(replace(made, day="2026-11-28")), first)
    assert done.status == status, done
    assert Store(first / "h").entries() == before
