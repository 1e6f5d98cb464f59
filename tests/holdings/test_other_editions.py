# SPDX-License-Identifier: Apache-2.0
"""An edition that a person would not believe, of files of every kind: what a pull says of it, and what is then held."""

import csv
import datetime as dt
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_files import FOLDER

from bilat.catalog import Source, source
from bilat.files.digest import sha256_of
from bilat.holdings import Store
from bilat.holdings.acceptance import Pulled
from bilat.holdings.pull import pull

#: source -> (sample, lines above its header, column of a measure, column of a date or year, columns that make a key)
KINDS = {
    "armstat_trade": ("trade_by_country_monthly.csv", 0, "export", "year", ("country",)),
    "eurostat_total_monthly": ("total_monthly_eu_members_to_cis.csv", 0, "value_eur", "period",
                               ("reporter", "partner")),
    "baci_russia_china": ("baci_hs17_v202501_RUS_CHN_hs6_2017_2023.csv", 0, "v", "t", ("i", "j")),
    "sipri_register": ("trade_register_generated_2026-02-12.csv", 11, "TIV delivery values", "Delivery year",
                       ("Supplier", "Recipient")),
    "oryx_totals": ("totals_by_type_history.csv", 0, "type_total", "date", ()),
    "missile_attacks": ("missile_attacks_daily_to_2026-06-07.csv", 0, "launched", "time_start", ()),
    "imf_russia": ("imts_russia_by_partner_annual.csv", 0, "2024", "", ()),  # a column for each year
    "us_troops_abroad": ("us_troops_country_year.csv", 0, "troops_ad", "year", ()),
    "exercises": ("exercises.csv", 0, "troops_total", "start_date", ()),
    "us_csl": ("us_csl_2022-04.csv.gz", 0, "", "start_date", ()),
}  # fmt: skip
MEASURED = [k for k, v in KINDS.items() if v[2] and v[3] and k != "exercises"]
Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def _nothing_embedded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bilat.holdings.acceptance.embedded_folder", lambda: tmp_path / "empty")


def second(
    name: str, tmp_path: Path, change: Callable[[Rows], Rows], rows: int = 1, accept: str = ""
) -> tuple[Pulled, Store]:
    """Hold the sample, then pull it once more as ``change`` leaves its rows."""
    store = Store(tmp_path / "h")
    src = sample_source(name, rows)
    assert [d.status for d in pull([src], store, mirror=FOLDER / name)] == ["added"]
    return again(name, tmp_path, change, store, rows, accept), store


def again(
    name: str,
    tmp_path: Path,
    change: Callable[[Rows], Rows],
    store: Store,
    rows: int = 1,
    accept: str = "",
) -> Pulled:
    """Pull the sample as ``change`` leaves its rows into holdings that have an edition of it."""
    path, above, *_ = KINDS[name]
    raw = (FOLDER / name / path).read_bytes()
    text = (gzip.decompress(raw) if path.endswith(".gz") else raw).decode(
        "cp1252" if above else "utf-8"
    )
    ended = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(ended)
    end = "," if name == "sipri_register" else ""
    found = list(csv.DictReader(io.StringIO(ended.join(lines[above:]), newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]), lineterminator=ended, quoting=csv.QUOTE_MINIMAL)
    writer.writerows(change(found))
    made = ended.join([*lines[: above + 1], out.getvalue()])
    assert end or made.count(ended) > 1
    (tmp_path / "next").mkdir(parents=True)
    body = made.encode("cp1252" if above else "utf-8")
    (tmp_path / "next" / path).write_bytes(gzip.compress(body) if path.endswith(".gz") else body)
    src = sample_source(name, rows)
    (done,) = pull([src], store, mirror=tmp_path / "next", accept=accept)
    return done


def sample_source(name: str, rows: int) -> Source:
    """The source of the catalog with its sample for its only file."""
    path = KINDS[name][0]
    base = source(name)
    catalogued = next(f for f in base.files if f.path.endswith(path))
    return base.model_copy(
        update={
            "files": [
                catalogued.model_copy(
                    update={
                        "path": path,
                        "sha256": sha256_of(FOLDER / name / path),
                        "min_rows": rows,
                        "min_lines": 0,
                    }
                )
            ]
        }
    )


def times(
    column: str, factor: float, some: Callable[[int], bool] = lambda n: True
) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        return [
            {**r, column: f"{float(r[column]) * factor:.10g}"} if r[column] and some(n) else r
            for n, r in enumerate(rows)
        ]

    return change


def later(column: str, years: int) -> Callable[[Rows], Rows]:
    def moved(cell: str) -> str:
        return f"{int(cell[:4]) + years}{cell[4:].replace('02-29', '02-28')}" if cell else cell

    return lambda rows: [{**r, column: moved(r[column])} for r in rows]


@pytest.mark.parametrize("name", KINDS)
def test_the_same_rows_written_again_are_the_same_edition(name: str, tmp_path: Path) -> None:
    done, store = second(name, tmp_path, lambda rows: rows)
    assert done.status == "unchanged" and len(store.entries()) == 1


@pytest.mark.parametrize("name", MEASURED)
@pytest.mark.parametrize("factor", [1000, 0.001, 0])
def test_other_units_and_zeros_are_put_aside(name: str, factor: float, tmp_path: Path) -> None:
    done, store = second(name, tmp_path, times(KINDS[name][2], factor))
    assert done.status in ("quarantined", "refused"), done
    assert len(store.entries()) == 1


@pytest.mark.parametrize(
    "name", [m for m in MEASURED if m not in ("oryx_totals", "missile_attacks")]
)
def test_a_thousandfold_in_a_twentieth_of_the_rows_is_put_aside(name: str, tmp_path: Path) -> None:
    done, _ = second(name, tmp_path, times(KINDS[name][2], 1000, lambda n: n % 20 == 3))
    assert done.status == "quarantined" and "thirtyfold" in done.why, done


@pytest.mark.parametrize("name", [k for k, v in KINDS.items() if v[3]])
@pytest.mark.parametrize("years", [10, -10])
def test_dates_ten_years_elsewhere_are_not_taken_in(name: str, years: int, tmp_path: Path) -> None:
    done, store = second(name, tmp_path, later(KINDS[name][3], years))
    assert done.status in ("quarantined", "refused"), done
    assert len(store.entries()) == 1


@pytest.mark.parametrize("name", KINDS)
def test_half_of_the_rows_gone_is_put_aside(name: str, tmp_path: Path) -> None:
    done, _ = second(name, tmp_path, lambda rows: rows[::2])
    assert done.status in ("quarantined", "refused"), done


@pytest.mark.parametrize("name", [*MEASURED, "imf_russia"])
@pytest.mark.parametrize("by", [1, -1])
def test_a_measure_that_slid_by_a_row_is_put_aside(name: str, by: int, tmp_path: Path) -> None:
    column = KINDS[name][2]

    def change(rows: Rows) -> Rows:
        cells = [r[column] for r in rows]
        return [{**r, column: c} for r, c in zip(rows, [*cells[-by:], *cells[:-by]], strict=True)]

    done, store = second(name, tmp_path, change)
    assert done.status in ("quarantined", "refused") and len(store.entries()) == 1, done


def test_a_revision_of_one_year_in_a_file_with_a_column_a_year_is_taken_in(tmp_path: Path) -> None:
    """As many values as a slide changes, and none of them that of a neighbour."""
    done, _ = second("imf_russia", tmp_path, times("2024", 1.07))
    assert done.status == "added", done


@pytest.mark.parametrize("name", [k for k, v in KINDS.items() if len(v[4]) == 2])
def test_two_states_that_changed_places_are_put_aside(name: str, tmp_path: Path) -> None:
    a, b = KINDS[name][4]
    done, _ = second(name, tmp_path, lambda rows: [{**r, a: r[b], b: r[a]} for r in rows])
    assert done.status in ("quarantined", "refused"), done


def test_names_that_slid_down_a_row_of_a_list_are_put_aside(tmp_path: Path) -> None:
    """A party of this list is known by its name: after a slide the same parties stand on it."""
    done, store = second("us_csl", tmp_path, slide)
    assert done.status == "quarantined" and "have not one of their earlier names" in done.why
    assert len(store.entries()) == 1


def slide(rows: Rows) -> Rows:
    """Each name of a list beside the rest of the row above."""
    names = [r["name"] for r in rows]
    moved = [*names[1:], names[0]]
    return [{**r, "name": n} for r, n in zip(rows, moved, strict=True)]


def test_names_that_slid_within_one_list_are_put_aside_though_nobody_is_gone(
    tmp_path: Path,
) -> None:
    def of_one_list(rows: Rows) -> Rows:
        return [{**r, "source": rows[0]["source"]} for r in rows]

    first, store = second("us_csl", tmp_path / "whole", of_one_list, accept="one list alone")
    assert first.status == "added"
    done = again("us_csl", tmp_path / "slid", lambda rows: slide(of_one_list(rows)), store)
    assert done.status == "quarantined" and "have not one of their earlier names" in done.why
    assert "words or dates differ" in done.why and "are gone" not in done.why


@pytest.mark.parametrize(
    "name", ["armstat_trade", "eurostat_total_monthly", "oryx_totals", "missile_attacks"]
)
def test_an_older_download_does_not_speak_for_the_younger_ones_months(
    name: str, tmp_path: Path
) -> None:
    """A few of the last rows are gone: taken in as what it is, or put aside; never the newest edition."""
    column = KINDS[name][3]

    def change(rows: Rows) -> Rows:
        key = (
            (lambda r: (int(r["year"]), int(r["month"])))
            if column == "year"
            else (lambda r: (r[column],))
        )
        last = max(map(key, rows))
        return [r for r in rows if key(r) != last]

    done, store = second(name, tmp_path, change)
    if done.status == "added":
        assert "stays in use" in done.changes[-1]
        ends = sorted({p.content for p in store.parts()})
        assert len(ends) == 2 and ends[0] < ends[1] < dt.date.today()
    else:
        assert done.status == "quarantined", done
