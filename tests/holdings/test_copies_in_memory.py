# SPDX-License-Identifier: Apache-2.0
"""Small tables that are asked again and again are read from memory: the answers stay the same."""

import threading

import pytest

from bilat.holdings import Holdings
from bilat.holdings import view as of_holdings
from bilat.when import AsOf

DAYS = [AsOf("2026-11-24"), AsOf("2023-03-20"), AsOf("2021-06-01")]
ALL = "SELECT * FROM {} ORDER BY ALL"


def kind(held: Holdings, name: str, day: AsOf) -> str:
    return (
        held.connect(day)
        .table(
            f"SELECT table_type AS kind FROM information_schema.tables WHERE table_name = '{name}'"
        )["kind"]
        .to_pylist()[0]
    )


def ask(held: Holdings, names: tuple[str, ...], day: AsOf, times: int) -> None:
    for _ in range(times):
        held.expect(names, day)


def test_a_small_table_is_copied_once_it_is_asked_again_and_says_the_same() -> None:
    held = Holdings()
    names = ("baskets", "losses", "series")
    before = {n: held.connect(DAYS[0]).table(ALL.format(n)) for n in names}
    ask(held, names, DAYS[0], of_holdings.FROM_FILES)
    assert {kind(held, n, DAYS[0]) for n in names} == {"VIEW"}
    ask(held, names, DAYS[0], 1)
    assert {kind(held, n, DAYS[0]) for n in names} == {"BASE TABLE"}
    for n in names:
        assert held.connect(DAYS[0]).table(ALL.format(n)).equals(before[n]), n
    held.close()


def test_a_large_table_and_a_damaged_one_stay_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Holdings()
    rows = sum(p.rows for p in held.parts if p.table == "series")
    monkeypatch.setattr(of_holdings, "SMALL", rows)
    spoilt = next(p for p in held.parts if p.table == "strikes")
    monkeypatch.setattr(Holdings, "damaged", (spoilt,))
    ask(held, ("series", "strikes", "baskets"), DAYS[0], 9)
    assert [kind(held, n, DAYS[0]) for n in ("series", "strikes", "baskets")] == [
        "VIEW",
        "VIEW",
        "BASE TABLE",
    ]
    held.close()


def test_copies_are_kept_for_the_last_dates_only() -> None:
    held = Holdings()
    for day in DAYS:
        ask(held, ("baskets",), day, 3)
    assert [kind(held, "baskets", d) for d in DAYS] == ["VIEW", "BASE TABLE", "BASE TABLE"]
    ask(held, ("baskets",), DAYS[0], 3)  # and come back when a date is asked again
    assert [kind(held, "baskets", d) for d in DAYS] == ["BASE TABLE", "VIEW", "BASE TABLE"]
    held.close()


def test_readers_meanwhile_find_the_view_or_the_copy() -> None:
    held = Holdings()
    count = held.connect(DAYS[0]).table("SELECT count(*) AS n FROM losses")["n"].to_pylist()
    for day in DAYS:
        held.connect(day)
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        cursor = held.connect(DAYS[0]).connection.cursor()
        while not stop.is_set():
            try:
                if (n := [cursor.execute("SELECT count(*) FROM losses").fetchone()[0]]) != count:
                    wrong.append(n)
            except Exception as e:  # whatever is raised fails the test
                wrong.append(e)
        cursor.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for r in readers:
        r.start()
    for _ in range(4):
        for day in DAYS:
            ask(held, ("losses",), day, 3)
    stop.set()
    for r in readers:
        r.join()
    assert not wrong, wrong[:3]
    held.close()
