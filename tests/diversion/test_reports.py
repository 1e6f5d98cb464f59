# SPDX-License-Identifier: Apache-2.0
"""Reports that cannot be taken as they stand: figures in another unit, a hub that falls silent, goods of which nothing
fell. Made-up files whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.diversion.answer import Diversion, Silence
from bilat.diversion.document import document
from bilat.diversion.search import divert
from bilat.diversion.trade_records import Consignee
from bilat.diversion.words import largest_of_each_hub
from bilat.document.text import text
from bilat.errors import DataError, UsageError

MONTHS = [f"{y}-{m:02d}" for y in (2020, 2021, 2022) for m in range(1, 13)]
HUBS, ORIGINS = ("KGZ", "ARM", "GEO", "UZB", "TUR"), ("DEU", "ITA", "POL", "LTU")
GOODS = tuple(f"{h}{n}" for h in ("8471", "8542", "8517", "8708", "8413", "9026") for n in (10, 20))
FIRST, SURGING = "2022-06", ("8471", "8542", "8517")


def world(
    path: Path,
    *,
    unit: str = "",
    factor: float = 1000.0,
    silent: tuple[str, str] = ("", ""),
    fell: float = 0.1,
    direct: bool = True,
    sold: bool = True,
) -> Path:
    """Direct trade falls in March 2022; Kyrgyzstan and Armenia buy and sell on five times as many goods of three
    headings from June on. ``unit``: the state, or a hub's ``GEO sales``, whose figures are
    multiplied by ``factor`` from then on; ``silent``: (hub, first month) that reports no sale any more."""
    rng = np.random.default_rng(3)
    lines = ["reporter,partner,product,period,flow,value"]

    def rows(
        seller: str,
        buyer: str,
        goods: str,
        level: float,
        times: float,
        names: tuple[str, ...],
        since: str = FIRST,
    ) -> None:
        for month, noise in zip(MONTHS, rng.lognormal(0, 0.3, len(MONTHS)).tolist(), strict=True):
            other_unit = month >= FIRST and unit in names
            true = level * noise * (times if month >= since else 1.0)
            value = true * (factor if other_unit else 1.0)
            if (seller, True) != (silent[0], bool(silent[1]) and month >= silent[1]):
                lines.append(f"{seller},{buyer},{goods},{month},X,{value:.2f}")

    for goods in GOODS:
        size = float(rng.lognormal(11, 1))
        grown = 5.0 if goods[:4] in SURGING and fell < 1 else 1.0
        for origin in ORIGINS:
            if direct:
                rows(origin, "RUS", goods, 12 * size, fell, (origin, "RUS"), "2022-03")
            for hub in HUBS:
                rows(origin, hub, goods, size, grown if hub in HUBS[:2] else 1.0, (origin, hub))
        for hub in HUBS if sold else ():
            rows(hub, "RUS", goods, size, 3 * grown if hub in HUBS[:2] else 1.0, (f"{hub} sales",))
            rows(hub, "CHN", goods, size, 1.0, ())
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def asked(path: Path, origins: tuple[str, ...] = ORIGINS) -> Diversion:
    return divert([path], origin=",".join(origins), only_file=True, cases=1)


@pytest.mark.parametrize(("unit", "factor"), [("GEO", 1000.0), ("GEO", 0.001), ("TUR", 387.0)])
def test_a_hub_whose_figures_change_their_unit_is_a_finding_and_is_not_cleared(
    unit: str, factor: float, tmp_path: Path
) -> None:
    got = asked(world(tmp_path / "w.csv", unit=unit, factor=factor))
    assert [(s.kind, s.hub, s.since, s.first) for s in got.silences] == [
        ("unit of purchases", unit, "2022-05", "2022-06")
    ]
    assert {h.hub for h in got.hubs if h.surged} == {"KGZ", "ARM"}
    assert unit not in {h.hub for h in got.hubs} | {r.hub for r in got.rows}
    made = document(got)
    large = {1000.0: "some 1,000 times", 0.001: "a 1,000th of", 387.0: "some 400 times"}[factor]
    assert large in made.summary[1] and "we count none" in made.summary[1]


def test_of_a_hub_in_another_unit_nothing_is_known_and_the_title_says_so(tmp_path: Path) -> None:
    path = world(tmp_path / "w.csv", unit="KGZ", factor=387.0, sold=False)
    lines = [x for x in path.read_text("utf-8").splitlines() if x[4:7] not in ("ARM", "TUR")]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    made = document(asked(path))
    assert made.title == (
        "We cannot tell whether Kyrgyzstan bought more, because the unit of its figures changes; "
        "no other hub's rise is unusual (data to December 2022)"
    )
    assert "whether Kyrgyzstan bought more" in made.summary[0] and "Check them" in made.summary[1]
    assert "the two other hubs tested" in made.summary[0]


def test_sales_in_another_unit_are_no_second_leg(tmp_path: Path) -> None:
    got = asked(world(tmp_path / "w.csv", unit="GEO sales"))
    assert [(s.kind, s.hub) for s in got.silences] == [("unit of sales", "GEO")]
    rows = [r for r in got.rows if r.hub == "GEO"]
    assert rows and all(r.out is None for r in rows)


@pytest.mark.parametrize(("unit", "factor"), [("RUS", 1000.0), ("DEU", 1000.0), ("DEU", 0.001)])
def test_an_origin_or_a_target_in_another_unit_is_refused_with_the_cure(
    unit: str, factor: float, tmp_path: Path
) -> None:
    with pytest.raises(
        DataError, match=f"from 2022-06 on the figures of {unit} .* 2022-05, .* give all in one"
    ):
        asked(world(tmp_path / "w.csv", unit=unit, factor=factor))


@pytest.mark.parametrize("times", [1.0, 10.0])
def test_goods_that_all_grow_tenfold_at_once_are_trade(times: float, tmp_path: Path) -> None:
    got = asked(world(tmp_path / "w.csv", unit="GEO", factor=times))
    assert not got.silences and "GEO" in {h.hub for h in got.hubs}


def test_goods_that_grow_a_thousandfold_are_no_change_of_unit(tmp_path: Path) -> None:
    path = world(tmp_path / "w.csv")
    lines = [
        line
        if not line.startswith("LTU,KGZ,8542") or line.split(",")[3] < "2022-07"
        else f"{line}000"
        for line in path.read_text("utf-8").splitlines()
    ]
    path.write_text("\n".join(lines).replace(".", "") + "\n", "utf-8")
    got = asked(path)
    assert not got.silences and {h.hub for h in got.hubs if h.surged} == {"KGZ", "ARM"}
    # No more is counted than the hubs sold on; where that is not held, more than the target lost is not said without a
    # word on it.
    most = sum(h.onward or 0.0 for h in got.hubs if h.surged)
    assert all(x.value <= 1.001 * most for x in got.total.rests_on.values())
    lines = [
        line
        for line in path.read_text("utf-8").splitlines()
        if line[3:8] != ",RUS," or line[:3] in ORIGINS
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    bought = asked(path)
    assert bought.total.lost is not None and bought.total.high > bought.total.lost
    assert "possibly more than all that Russia lost" in document(bought).summary[0]


def test_months_after_a_hub_stops_are_compared_with_as_many_before_and_nothing_is_scaled_in_silence(
    tmp_path: Path,
) -> None:
    path = tmp_path / "w.csv"
    whole, got = asked(world(path)), asked(world(path, silent=("KGZ", "2022-11")))
    (s,) = got.silences
    assert (s.kind, s.hub, s.since, s.first, s.last) == (
        "reports late",
        "KGZ",
        "2022-10",
        "2022-11",
        "2022-12",
    )
    assert s.after == 0 and s.before > 0
    assert any("8 of 10 periods" in n for n in got.notes)
    rows = {(r.hub, r.product): r for r in whole.rows}
    for r in got.rows:
        if r.hub == "KGZ" and r.out is not None and r.out.actual:
            whole_of = rows[r.hub, r.product].out
            # What is shown is what was reported: ten months less the two that are missing.
            assert whole_of is not None and r.out.actual < 0.95 * (whole_of.actual or 0.0)
    early = asked(world(path, silent=("KGZ", "2022-05")))
    assert all(
        r.out is None for r in early.rows if r.hub == "KGZ"
    )  # two months of ten are no leg two
    assert "stopped reporting its sales after April 2022" in document(early).summary[1]


def test_where_nothing_fell_nothing_was_tested_and_where_direct_trade_is_not_held_no_loss_is_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "w.csv"
    calm = asked(world(path, fell=1.0))
    made = document(calm)
    assert calm.fell == 0
    assert "Direct sales to Russia did not fall, so no route was tested" in made.title
    assert "no loss for a hub to make up" in made.summary[0] and "No hub" not in text(made)
    alone = document(asked(world(path, direct=False)))
    assert "lost" not in alone.title + alone.summary[0] and "no longer got" not in alone.title


@pytest.mark.parametrize("sold", [True, False])
def test_sentences_of_four_origins_are_english(sold: bool, tmp_path: Path) -> None:
    made = text(document(asked(world(tmp_path / "w.csv", sold=sold))), why=True)
    assert all(len(line) <= 80 for line in made.splitlines() if not line.startswith("bilat "))
    for odd in (
        "states's",
        "  they",
        "together together",
        "-0 ",
        "None",
        "nan",
        " ,",
        "..",
        "a hubs",
        "1 hubs",
    ):
        assert odd not in made, made[max(0, made.find(odd) - 200) : made.find(odd) + 50]


def test_a_case_names_the_listed_firms_of_its_hub() -> None:
    got = divert(origin="EU27", limit=20, cases=2)
    r = next(r for r in got.rows if r.months)
    assert len(got.listed[r.hub]) > 3
    shown = " ".join(text(document(got), why=True).split())
    assert got.listed[r.hub][0].name in shown and "do not say what these firms trade in" in shown


def hub_with_books(path: Path, onward: float, *, silent: str = "9", before: float = 0.001) -> Path:
    """Germany's sales to Russia fall in March 2022, Uzbekistan buys tenfold (four times and more of each good); it
    sold Russia the part ``before`` of what it bought, since then ``onward`` times the usual purchases more, and nothing
    from ``silent`` on. Poland only buys."""
    rng = np.random.default_rng(7)
    lines = ["reporter,partner,product,period,flow,value"]
    for n, goods in enumerate(GOODS):
        size = float(rng.lognormal(11, 1))
        sides = [("DEU", "RUS", 12.0, 1.2), ("DEU", "POL", 2.0, 2.0), ("UZB", "CHN", 1.0, 1.0)]
        sides += [("UZB", "RUS", before, before + onward)]
        sides += [
            ("DEU", hub, 1.0, (4.0 if n % 3 else 22.0) if hub == "UZB" else 1.0) for hub in HUBS
        ]
        for seller, buyer, usual, then in sides:
            for month, noise in zip(
                MONTHS, rng.lognormal(0, 0.3, len(MONTHS)).tolist(), strict=True
            ):
                if (seller, buyer) != ("UZB", "RUS") or month < silent:
                    value = size * noise * (then if month >= "2022-03" else usual)
                    lines.append(f"{seller},{buyer},{goods},{month},X,{value:.2f}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_hub_whose_own_books_show_that_nothing_went_on_buys_more_and_is_no_diversion(
    tmp_path: Path,
) -> None:
    got = divert([hub_with_books(tmp_path / "w.csv", 0.0)], only_file=True, cases=1)
    (hub,) = (h for h in got.hubs if h.surged)
    assert (
        hub.hub == "UZB" and hub.stayed and hub.onward is not None and hub.onward < 1e-3 * hub.low
    )
    assert got.total.hubs == () and got.total.high == 0 and got.origins == ("DEU",)
    made = document(got)
    assert made.title == "No route to Russia stands out (data to December 2022)"
    assert "but their reported sales show no such rise" in made.summary[1]
    assert got.carried is not None and got.named == () and got.carried.amount.high < 1e-2 * hub.low
    assert "would settle it. Download" not in text(made, why=True)


def test_a_hub_that_surged_in_all_goods_alike_did_not_for_what_the_target_lost(
    tmp_path: Path,
) -> None:
    # Direct sales of cars and pumps did not fall; Kyrgyzstan and Armenia buy as much more of those as of the others.
    rng, path = np.random.default_rng(4), tmp_path / "w.csv"
    lines = ["reporter,partner,product,period,flow,value"]
    for n, goods in enumerate(GOODS):
        fell = 0.1 if n < 6 else 1.0
        sides = [("RUS", 12.0, fell)] + [
            (h, 1.0, (2.0 if n % 2 else 6.0) if h in HUBS[:2] else 1.0) for h in HUBS
        ]
        for buyer, size, times in sides:
            for month, noise in zip(
                MONTHS, rng.lognormal(0, 0.2, len(MONTHS)).tolist(), strict=True
            ):
                value = 1e5 * size * noise * (times if month >= "2022-04" else 1.0)
                lines.append(f"DEU,{buyer},{goods},{month},X,{value:.0f}")
    # One of those that did not fall rose a little more.
    lines = [
        x if not x.startswith("DEU,KGZ,9026") and not x.startswith("DEU,ARM,9026") else x + "0"
        for x in lines
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    got = divert([path], origin="DEU", only_file=True, cases=0)
    made = document(got)
    assert not any(h.surged for h in got.hubs) and any(h.q_value <= 0.1 for h in got.hubs)
    assert (
        made.title
        == "Hubs bought more of all goods, not especially what Russia lost (data to December 2022)"
    )
    assert (
        "but not because of what Russia lost: goods whose sales to Russia did not fall rose there "
        "too" in (made.summary[0])
    )


def test_what_a_hub_sold_on_bounds_what_is_counted_and_a_silent_hub_is_not_cleared(
    tmp_path: Path,
) -> None:
    path = tmp_path / "w.csv"
    some = divert([hub_with_books(path, 3.0, before=1.0)], origin="DEU", only_file=True, cases=1)
    (hub,) = (h for h in some.hubs if h.surged)
    assert not hub.stayed and hub.onward is not None and some.total.hubs == ("UZB",)
    assert (
        some.total.rests_on["own level"].value == pytest.approx(hub.onward) and hub.onward < hub.low
    )
    whole = divert([hub_with_books(path, 30.0, before=1.0)], origin="DEU", only_file=True, cases=1)
    assert whole.total.high == pytest.approx(max(h.high for h in whole.hubs if h.surged))
    # Its sales leapt beyond their own past: the pairs decide, and no sentence clears it.
    assert whole.named == ("UZB",) and document(whole).title.startswith("Uzbekistan likely passed")
    for silent in ("2000-01", "2022-03", "2022-11"):
        got = divert(
            [hub_with_books(path, 0.0, silent=silent)], origin="DEU", only_file=True, cases=1
        )
        assert [(h.hub, h.onward, h.stayed) for h in got.hubs if h.surged] == [
            ("UZB", None, False)
        ], silent
        said = document(got)
        assert got.total.hubs == ("UZB",)
        assert "much more" in said.title or "purchases also rose sharply" in said.summary[1]


def test_the_two_largest_silences_are_named_whatever_order_hubs_fell_silent_in() -> None:
    def silence(hub: str, size: float) -> Silence:
        return Silence("suppressed partner", hub, "2022-02", "2022-03", "2022-12", size, 0.0)

    fell = [silence("ARM", 9), silence("GEO", 5), silence("KAZ", 4), silence("ARM", 1)]
    assert [(s.hub, s.before) for s in largest_of_each_hub(fell)][:2] == [("ARM", 9), ("GEO", 5)]


def test_phones_that_others_supplied_are_named_with_amount_and_suppliers(tmp_path: Path) -> None:
    # Armenia sells Russia phones of Viet Nam and China, and none in the two months before: nothing clears it.
    months = [f"2022-{m:02d}" for m in range(3, 13)] + [f"2023-{m:02d}" for m in range(1, 13)]
    lines = ["reporter,partner,product,period,flow,value"]
    for month in ["2022-01", "2022-02", *months]:
        lines.append(f"ARM,DEU,851713,{month},M,3000")
        lines.append(f"ARM,VNM,851713,{month},M,{4e7 if month > '2022-05' else 2e5:.0f}")
        lines.append(f"ARM,CHN,851713,{month},M,1500000")
        if month > "2022-05":
            lines.append(f"ARM,RUS,851713,{month},X,38000000")
        lines.append(f"ARM,GEO,851713,{month},X,9000")
    path = tmp_path / "phones.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    made = document(divert([path], only_file=True, cases=0))
    said = " ".join((made.title, *made.summary))
    assert "$722m" in made.title and "Vietnam" in made.title, made.title
    for clearing in ("no more than", "did not go on", "usual"):
        assert clearing not in said


def test_states_that_report_no_sale_are_not_said_to_have_left_a_partner_out(tmp_path: Path) -> None:
    # The buyers report their purchases; Russia stops in March 2022. No seller has hidden anything.
    path = tmp_path / "w.csv"
    lines = world(path).read_text("utf-8").splitlines()
    turned = [",".join((x[4:7], x[:3], x[8:].replace(",X,", ",M,"))) for x in lines[1:]]
    kept = [x for x in turned if x[:3] != "RUS" or x.split(",")[3] < "2022-03"]
    path.write_text("\n".join([lines[0], *kept]) + "\n", "utf-8")
    assert not asked(path).silences


def test_a_month_of_which_nothing_is_held_is_named_and_so_is_a_hub(tmp_path: Path) -> None:
    path = world(tmp_path / "w.csv")
    lines = [x for x in path.read_text("utf-8").splitlines() if ",2022-08," not in x]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    got = divert([path], origin=",".join(ORIGINS), only_file=True, cases=0, hubs=["KGZ", "VNM"])
    assert got.gaps == ("2022-08",) and got.absent == ("VNM",)
    made = text(document(got))
    assert (
        "we have no data for August 2022" in " ".join(made.split())
        and "We have no data by product on what Vietnam" in made
    )
    with pytest.raises(UsageError, match="RUS is both `hub` and target"):
        divert([path], origin=",".join(ORIGINS), only_file=True, hubs=["RUS"])


def test_a_rise_that_the_past_does_not_rule_out_is_said_with_its_size_and_clears_nobody(
    tmp_path: Path,
) -> None:
    path = world(tmp_path / "w.csv", sold=False)
    short = [
        x
        for x in path.read_text("utf-8").splitlines()
        if x[0] == "r" or x.split(",")[3] >= "2021-09"
    ]
    path.write_text("\n".join(x for x in short if x[4:7] not in HUBS[1:]) + "\n", "utf-8")
    got = asked(path)
    assert [(h.hub, h.surged, h.times > 1.5) for h in got.hubs] == [("KGZ", False, True)]
    made = document(got)
    assert (
        made.title.startswith("Kyrgyzstan's monthly purchases")
        and "this may be chance" in made.title
    )
    assert "more than expected. Such purchases vary even without diversion" in " ".join(
        made.summary[0].split()
    )
    assert "clear nobody" in made.summary[0]


def test_codes_that_began_after_the_break_are_no_control(tmp_path: Path) -> None:
    path = world(tmp_path / "w.csv", sold=False)
    plain = asked(path)
    new = [
        f"{o},{hub},851713,{m},X,{3e7 if hub == 'KGZ' else 1e5:.0f}"
        for o in ORIGINS
        for hub in HUBS
        for m in MONTHS
        if m >= "2022-03"
    ]
    path.write_text(path.read_text("utf-8") + "\n".join(new) + "\n", "utf-8")
    got = asked(path)
    assert (
        {h.hub for h in got.hubs if h.surged}
        == {h.hub for h in plain.hubs if h.surged}
        == {"KGZ", "ARM"}
    )
    assert got.total.high == pytest.approx(plain.total.high, rel=1e-6)


def test_the_books_of_one_hub_bound_nothing_of_the_others(tmp_path: Path) -> None:
    path = world(tmp_path / "w.csv")
    lines = [x for x in path.read_text("utf-8").splitlines() if not x.startswith("ARM,")]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    got = asked(path)
    assert {h.hub: h.onward is None for h in got.hubs if h.surged} == {"KGZ": False, "ARM": True}
    both = sum(h.excess["own level"].value for h in got.hubs if h.surged)
    assert not got.total.capped and got.total.rests_on["own level"].value == pytest.approx(both)
    assert "could account for" not in document(got).summary[0]


def test_origins_that_only_buy_are_no_origins(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no exports of POL: it has them as buyers alone"):
        divert([hub_with_books(tmp_path / "w.csv", 0.0)], origin="POL", only_file=True)


def test_line_ends_of_two_kinds_are_named_with_a_cure(tmp_path: Path) -> None:
    path = hub_with_books(tmp_path / "w.csv", 0.0)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b"\r", b"", 1))
    with pytest.raises(
        DataError, match=r"w.csv: its line ends are mixed, LF and CRLF: save it with one kind"
    ):
        divert([path], only_file=True)


def test_of_two_hubs_in_a_file_of_exporter_importer_month_and_hs6_the_innocent_one_is_unlikely(
    tmp_path: Path,
) -> None:
    rng, path = np.random.default_rng(1), tmp_path / "w.csv"
    lines = ["exporter,importer,hs6,month,value"]
    for goods in ("848210", "854231", "847130", "870899", "841391"):
        sides = (
            ("DEU", "RUS", 20, 0.1),
            ("DEU", "KGZ", 1, 6),
            ("DEU", "UZB", 1, 1),
            ("KGZ", "RUS", 1, 9),
        )
        for seller, buyer, size, times in (*sides, ("UZB", "RUS", 1, 1)):
            for month, noise in zip(
                MONTHS, rng.lognormal(0, 0.3, len(MONTHS)).tolist(), strict=True
            ):
                value = 3e5 * size * noise * (times if month >= "2022-04" else 1)
                lines.append(f"{seller},{buyer},{goods},{month},{value:.0f}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    got = divert([path], origin="DEU", only_file=True, limit=None, cases=0)
    assert [h.hub for h in got.hubs if h.surged] == ["KGZ"]
    assert all(r.probability > 0.7 if r.hub == "KGZ" else r.probability < 0.2 for r in got.rows)


def _changed(path: Path, change: Callable[[list[str]], list[str] | None]) -> Path:
    """The world with each row's fields changed; a row of None is left out."""
    head, *rows = world(path).read_text("utf-8").splitlines()
    fields = [change(row.split(",")) for row in rows]
    kept = [",".join(f) for f in fields if f is not None]
    path.write_text("\n".join([head, *kept]) + "\n", "utf-8")
    return path


def test_books_in_another_unit_throughout_are_asked_about_and_clear_nobody(tmp_path: Path) -> None:
    def thousands(row: list[str]) -> list[str]:
        return [*row[:5], f"{float(row[5]) / 1000:.4f}"] if row[0] == "KGZ" else row

    got = asked(_changed(tmp_path / "w.csv", thousands))
    assert list(got.odd_sizes) == ["KGZ"] and got.odd_sizes["KGZ"] < 1 / 200
    assert "check their unit" in document(got).summary[1]
    assert not asked(world(tmp_path / "w.csv")).odd_sizes


def test_legs_of_different_years_are_refused_with_the_cure(tmp_path: Path) -> None:
    def apart(row: list[str]) -> list[str] | None:
        early = row[3] < "2022"
        return row if early == (row[0] in ORIGINS) else None

    with pytest.raises(DataError, match=r"ends with 2021-12.*both legs for the same years"):
        asked(_changed(tmp_path / "w.csv", apart))


def test_one_heading_of_goods_says_that_its_ranges_are_too_narrow(tmp_path: Path) -> None:
    def chips(row: list[str]) -> list[str] | None:
        return row if row[2].startswith("8542") else None

    got = asked(_changed(tmp_path / "w.csv", chips))
    assert any("too narrow" in n for n in got.notes)


@given(route=st.one_of(st.none(), st.floats(0, 1)), listed=st.floats(0, 1), usual=st.floats(0, 1))
def test_a_consignee_is_as_likely_as_the_likelier_of_its_route_and_its_listing_or_more(
    route: float | None, listed: float, usual: float
) -> None:
    known = Consignee(
        row=2,
        reference="",
        name="Firm",
        role="",
        hub="KGZ",
        product="854231",
        route=route,
        listed=listed,
        listed_as="",
        list_name="",
        listed_on="",
    )
    of_route = usual if route is None else route
    chance = known.probability(usual)
    assert max(of_route, listed) - 1e-12 <= chance <= min(1.0, of_route + listed) + 1e-12
    assert chance == pytest.approx(of_route + listed - of_route * listed)
