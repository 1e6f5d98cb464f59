# SPDX-License-Identifier: Apache-2.0
"""Arms transfers agree with what SIPRI and others published, of the edition that was then public."""

import pytest

from bilat.document.text import text
from bilat.measures import MeasureQuestion, ask
from bilat.measures.document import of_measurement
from bilat.when import AsOf

PAPER = "2023-03-20"


def value(holdings, name, period, group, *, dyad=("RUS", "CHN"), as_of=None, **params):
    found = ask(name, dyad, as_of=as_of, holdings=holdings, **params)
    got = found.value(period, group)
    assert got is not None, f"{name} has no point {period} {group}: {found.note}"
    return got


# -- published figures ---------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [PAPER, None])
def test_pf18_russia_had_a_third_of_the_worlds_exports_in_2002(full, as_of) -> None:
    got = value(full, "transfers.exporter_share", "2002", "RUS", as_of=as_of, years="2000-2004")
    assert got == pytest.approx(0.32, abs=0.02)


@pytest.mark.parametrize("as_of", [PAPER, None])
def test_pf17_engines_were_over_half_of_chinas_imports_2017_2021(full, as_of) -> None:
    got = value(
        full, "transfers.category_share", "2017-2021", "CHN", as_of=as_of, years="2017-2021"
    )
    assert got == pytest.approx(0.54, abs=0.05)


# SIPRI press release of 13 March 2023 (reported in baladnaelyoum.com/news/935672): exports 2018-22.
@pytest.mark.parametrize(
    ("measure", "group", "published"),
    [
        ("transfers.partner_share", "RUS exports", 0.23),
        ("transfers.exporter_share", "RUS", 0.16),
        ("transfers.exporter_share", "CHN", 0.052),
    ],
)
def test_the_fact_sheet_of_march_2023_as_of_that_month(full, measure, group, published) -> None:
    got = value(full, measure, "2018-2022", group, as_of=PAPER, window=5)
    assert got == pytest.approx(published, abs=0.01)


# Reuters on SIPRI's release of 11 March 2024 (bactf.com/news/asia_politics/202406/1244076.html).
def test_the_fact_sheet_of_march_2024(full) -> None:
    got = value(
        full, "transfers.partner_share", "2019-2023", "RUS exports", as_of="2025-01-10", window=5
    )
    assert got == pytest.approx(0.21, abs=0.01)


# SIPRI's release of 10 March 2025 (voz.us/en/society/250310/21985): exporters' shares 2020-24.
@pytest.mark.parametrize(
    ("supplier", "published"),
    [("USA", 0.43), ("FRA", 0.096), ("RUS", 0.078), ("CHN", 0.059), ("ITA", 0.048)],
)
def test_the_fact_sheet_of_march_2025(full, supplier, published) -> None:
    got = value(
        full,
        "transfers.exporter_share",
        "2020-2024",
        supplier,
        as_of="2026-05-01",
        window=5,
        suppliers=supplier,
    )
    assert got == pytest.approx(published, abs=0.011)


def test_the_register_alone_compares_years_of_one_edition(embedded) -> None:
    """2022 was first published after the paper, in an edition that changed the years before."""
    question = {"as_of": PAPER, "holdings": embedded, "years": "2014-2022"}
    either = ask("transfers.tiv", **question)
    alone = ask("transfers.tiv", **question, edition="register")
    assert len({row["vintage"] for row in either.rows()}) == 2
    assert len({row["vintage"] for row in alone.rows()}) == 1


# SIPRI's release of 9 March 2026 (magyarnemzet.hu/kulfold/2026/03/fegyver-import-europa-ukrajna):
# exporters' shares 2021-25. Our years 2022 to 2025 are split from the list of orders.
@pytest.mark.parametrize(("supplier", "published"), [("USA", 0.42), ("FRA", 0.098), ("RUS", 0.068)])
def test_the_fact_sheet_of_march_2026(full, supplier, published) -> None:
    got = value(
        full, "transfers.exporter_share", "2021-2025", supplier, window=5, suppliers=supplier
    )
    assert got == pytest.approx(published, abs=0.005)


# facts/tech_dependence.csv copies these sums from the register of February 2026.
@pytest.mark.parametrize(
    ("pattern", "items", "tiv"),
    [
        ("^Su-27S$", 157, 6672.5),
        ("^Su-30MK$", 100, 5500),
        ("^Su-35S$", 24, 1440),
        ("^S-300PMU", 21, 1115),
        ("^S-400", 8, 520),
        ("^Sovremenny|956E", 4, None),
        ("Project-636", 10, 2600),
        ("^48N6", 1547, None),
        ("^Tor-M1", 35, 437.5),
        ("^Il-76", 13, 647.7),
    ],
)
def test_deliveries_that_others_count(full, pattern, items, tiv) -> None:
    found = ask("transfers.deliveries", holdings=full, pattern=pattern, years="1995-")
    assert sum(p.value for p in found.points) == items
    if tiv is not None:
        assert sum(r["tiv"] for r in found.rows()) == tiv


def test_su35_were_24_over_three_years_and_none_is_uncertain(full) -> None:
    found = ask("transfers.deliveries", holdings=full, pattern="Su-35", total=True)
    (point,) = found.points
    assert point.period == "2016-2018"
    assert (point.value, point.low, point.group) == (24, 24, "Su-35S")


def test_s400_numbers_are_marked_uncertain(full) -> None:
    found = ask("transfers.deliveries", holdings=full, pattern="S-400", total=True)
    assert found.value("2018-2019", "S-400 Triumf") == 8
    assert all(p.low == 0 for p in found.points)


# -- which edition speaks ------------------------------------------------------------------------


def test_sipri_revised_silently_and_each_edition_can_be_seen(full) -> None:
    seen = {
        as_of: value(full, "transfers.tiv", "2021", "RUS>CHN", as_of=as_of)
        for as_of in (PAPER, "2025-02-01", "2026-03-01")
    }
    assert seen == {PAPER: 773, "2025-02-01": 466.75, "2026-03-01": 466.75}
    assert value(full, "transfers.tiv", "2022", "RUS>CHN", as_of="2025-02-01") == 579.5
    assert value(full, "transfers.tiv", "2022", "RUS>CHN", as_of="2026-03-01") == 498.5


def test_two_sources_of_the_same_sums_are_never_added(full) -> None:
    rows = ask("transfers.tiv", holdings=full).evidence.to_pylist()
    sources_of_year = {}
    for r in rows:
        sources_of_year.setdefault(r["period"], set()).add(r["source"])
    assert all(len(s) == 1 for s in sources_of_year.values())
    assert sources_of_year["1994"] == {"sipri_tiv_pairs"}
    assert sources_of_year["1995"] == {"sipri_register"}


def test_years_before_the_register_have_designations_and_no_second_sum(full) -> None:
    found = ask("transfers.deliveries", holdings=full, pattern="Su-27|S-300", years="-1994")
    assert {p.period: p.value for p in found.points} == {"1992": 23, "1993": 2, "1994": 1}
    by_class = ask("transfers.by_category", holdings=full)
    assert min(p.period for p in by_class.points) == "1995"


def test_a_later_edition_that_stands_in_is_marked(full) -> None:
    points = ask("transfers.tiv", holdings=full, as_of=PAPER).points
    notes = {p.period: p.note for p in points if p.group == "RUS>CHN"}
    assert notes["2021"] == ""
    assert notes["2022"] == "revised later"
    assert "2023" not in notes


def test_russia_inherits_nothing_from_the_soviet_union(full) -> None:
    points = ask("transfers.tiv", holdings=full).points
    assert min(p.period for p in points if p.group == "RUS>CHN") == "1992"


# -- what the measures say of themselves ----------------------------------------------------------


def test_categories_add_up_to_the_whole(full) -> None:
    whole = ask("transfers.tiv", holdings=full, years="1995-")
    parts = ask("transfers.by_category", holdings=full, years="1995-")
    for year in range(1995, 2025):
        total = sum(p.value for p in parts.points if p.period == str(year))
        assert total == pytest.approx(whole.value(str(year), "RUS>CHN"))


def test_no_order_was_placed_since_2020(full) -> None:
    found = ask("transfers.orders", holdings=full)
    assert [found.value(str(y), "deals") for y in range(2020, 2025)] == [0] * 5
    assert found.value("2015", "deals") == 8
    point = next(p for p in found.points if p.period == "2015" and p.group == "deals")
    assert (point.low, point.high) == (4, 8)


def test_ship_engines_flow_back(full) -> None:
    found = ask("transfers.tiv", holdings=full, category="engines")
    assert sum(p.value for p in found.points if p.group == "CHN>RUS") == pytest.approx(33.6)


def test_categories_may_be_put_together_and_windows_begin_where_asked(full) -> None:
    params = {"holdings": full, "supplier": "RUS", "years": "1995-"}
    both = ask("transfers.category_share", category="Aircraft,engines", **params)
    one, other = (
        ask("transfers.category_share", category=c, **params) for c in ("Aircraft", "Engines")
    )
    at = ("1995-2025", "CHN")
    assert both.value(*at) == pytest.approx(one.value(*at) + other.value(*at))
    five = ask("transfers.category_share", holdings=full, window=5)
    assert five.value("2017-2021", "CHN") == ask(
        "transfers.category_share", holdings=full, years="2017-2021"
    ).value("2017-2021", "CHN")


def test_directions_can_be_turned_and_opened(full) -> None:
    back = ask("transfers.by_category", holdings=full, direction="reverse")
    assert back.points == ask("transfers.by_category", holdings=full, direction="CHN>RUS").points
    into = ask("transfers.by_category", holdings=full, direction="imports")
    assert into.value("2020", "Engines") >= ask("transfers.by_category", holdings=full).value(
        "2020", "Engines"
    )


def test_a_share_is_between_nothing_and_all(full) -> None:
    for name in ("transfers.partner_share", "transfers.exporter_share", "transfers.category_share"):
        assert all(0 <= p.value <= 1 for p in ask(name, holdings=full).points)


@pytest.mark.parametrize("vintage", ["2025-01-03", "2026-02-12"])
def test_at_most_a_tenth_of_the_register_stands_line_by_line(embedded, vintage) -> None:
    found = (
        embedded.connect(AsOf())
        .connection.execute(
            "SELECT count(*) FILTER (WHERE lines = 1), sum(lines), "
            "count(*) FILTER (WHERE lines = 1 AND category IS NULL) "
            "FROM read_parquet(?)",
            [
                str(
                    next(
                        p.path
                        for p in embedded.parts
                        if p.source == "sipri_register" and str(p.vintage) == vintage
                    )
                )
            ],
        )
        .fetchall()[0]
    )
    assert found[0] <= found[1] / 10 and found[2] == 0


def test_embedded_rows_still_name_every_line(full, embedded) -> None:
    def lines(holdings):
        rows = ask("transfers.exporter_share", holdings=holdings, years="2010").evidence
        out = set()
        for r in rows.to_pylist():
            out |= {(r["snapshot"], n) for n in r["locator"].removeprefix("lines ").split(";")}
        return out

    assert lines(full) == lines(embedded)
    assert len(lines(full)) > 500


def test_a_year_of_which_the_register_shows_nothing_is_not_printed_as_zero(full) -> None:
    """SIPRI lists what it found: no row for 2025 does not say that Russia sent North Korea nothing."""
    found = ask("transfers.tiv", ("RUS", "PRK"), holdings=full)
    points = {(p.group, p.period): p for p in found.points}
    blank = points["RUS>PRK", "2025"]
    assert blank.unrecorded
    assert blank.note == "none in the register"
    assert not points["RUS>PRK", "2010"].unrecorded
    document = of_measurement(found, MeasureQuestion("transfers.tiv"))
    assert (
        "Russia to North Korea, 0.5 million TIV (2010), and none on record to 2025"
        in document.summary[0]
    )
    table = text(document, piped=True).splitlines()
    assert any(line.startswith("2025\tRUS>PRK\t\t") for line in table)
    assert not any(line.startswith("2025\tRUS>PRK\t0") for line in table)


@pytest.mark.parametrize(
    "measure",
    ["transfers.partner_share", "transfers.exporter_share", "transfers.category_share"],
)
def test_a_window_longer_than_the_years_asked_for_has_no_share(full, measure) -> None:
    found = ask(measure, ("RUS", "CHN"), holdings=full, years="2020-2022", window=5)
    assert not found.points
    assert "5 years in a row" in found.note


def test_the_share_of_several_years_is_that_of_their_sums(full) -> None:
    """A year with few deliveries weighs as little as it has."""
    whole = ask("transfers.partner_share", holdings=full, years="2010-2013", window=0)
    same = ask("transfers.partner_share", holdings=full, years="2010-2013", window=4)
    yearly = ask("transfers.partner_share", holdings=full, years="2010-2013")
    assert {p.period for p in whole.points} == {"2010-2013"} and whole.points == same.points
    group = "RUS exports"
    mean = sum(p.value or 0.0 for p in yearly.points if p.group == group) / 4
    assert whole.value("2010-2013", group) != pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize("pair", [("RUS", "CHN"), ("CHN", "PAK"), ("RUS", "KGZ"), ("RUS", "ARM")])
def test_a_share_counts_every_delivery_of_its_state(full, embedded, pair) -> None:
    """The package pools small sums of most states: what is left of one is not all that it got."""
    printed = ask("transfers.partner_share", pair, holdings=embedded, years="2010-2024", window=0)
    assert printed.points
    lines = full.connect(AsOf()).table("SELECT * FROM transfers").to_pylist()
    for point in printed.points:
        state, word = point.group.split()
        side, partner = (
            ("supplier", "recipient") if word == "exports" else ("recipient", "supplier")
        )
        other = next(s for s in pair if s != state)
        of_state = [
            r
            for r in lines
            if r["source"] == "sipri_register"
            and r[side] == state
            and "2010" <= r["period"] <= "2024"
        ]
        whole = sum(r["tiv"] for r in of_state)
        part = sum(r["tiv"] for r in of_state if r[partner] == other)
        assert point.value == pytest.approx(part / whole, abs=0.001), point.group


@pytest.mark.parametrize("measure", ["tiv", "by_category", "orders", "deliveries"])
def test_small_sums_that_are_pooled_are_not_called_no_delivery(embedded, measure) -> None:
    """Turkey's arms for Kyrgyzstan are in a sum of Turkey's that does not name Kyrgyzstan."""
    params = {"pattern": "."} if measure == "deliveries" else {}
    found = ask(f"transfers.{measure}", ("TUR", "KGZ"), holdings=embedded, **params)
    assert not found.points
    assert "in sums only" in found.note
    assert "no delivery" not in found.note
