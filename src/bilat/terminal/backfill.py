# SPDX-License-Identifier: Apache-2.0
"""What ``bilat backfill`` prints, in 80 columns: assumed numbers first, then the draws, then one portfolio."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WIDTH = 80
#: What is printed of a scenario.
POINTS = ("nothing", "portfolio", "foresight", "regret")
Plain = Mapping[str, Any]


def show_backfill(plain: Plain, *, explain: bool = False, out: Path | None = None) -> None:
    """Print the answer (``Backfill.to_json()``)."""
    parts = (_finding, _assumed, _early, _portfolio, _money, _floor, _levers, _regret, _tankers, _limits)
    for part in parts if plain["score"]["nothing"] else (_finding, _assumed, _limits):
        print("\n".join(part(plain)))
        print()
    if explain:
        print("\n".join(_explained(plain)))
    if out is not None:
        print(f"written: {out}/backfill.json and Parquet tables")


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [""]


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """Lines of a table; the first column is text, the rest are right-aligned."""

    def line(cells: Sequence[str]) -> str:
        first = cells[0][: widths[0]].ljust(widths[0])
        return first + "".join(c[: w - 1].rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))

    return [line(heads), "-" * min(WIDTH, sum(widths)), *(line(r) for r in rows)]


def share(value: float) -> str:
    """A share as whole percent; never 0% or 100% for what is only near."""
    if 0 < value < 0.005:
        return "<1%"
    if 0.995 < value < 1:
        return ">99%"
    return f"{value:.0%}"


def _label(plain: Plain) -> dict[str, str]:
    return {r["option"]: r["label"] for r in plain["draws"]["early"]}


def _of(part: float, whole: float) -> str:
    return share(part / whole) if whole else "nothing"


def _finding(p: Plain) -> list[str]:
    s, f = p["score"], p["floor"]
    if not s["nothing"]:
        return ["Nothing leaves, so nothing has to be replaced: no order is worth making."]
    lo, mid, hi = p["draws"]["floor_share"]
    budget = p["question"]["budget"]
    money = "Unlimited money" if budget is None else f"${budget:g}bn a year"
    closed, most = (_of(s["nothing"] - x, s["nothing"]) for x in (s["portfolio"], f["floor"]))
    text = (
        f"{share(mid)} of the gap that a withdrawal opens stays open whatever is spent (80% of draws: "
        f"{share(lo)} to {share(hi)}): industry and lead times, not money. {horizon(p)} {money} closes {closed} on "
        f"the central numbers, of {most} that can be closed at all (procurement only: no crews, munitions or upkeep)."
    )
    lines = _wrap(text)
    later = sum(r["standing"] == "later" for r in p["inputs"])
    if later:
        lines += _wrap(
            f"Not an answer that anybody could give on {p['as_of']}: {later} of {len(p['inputs'])} numbers rest on "
            "rows that were not public then."
        )
    wrong = [r["name"] for r in p["inputs"] if r["standing"] in ("changed", "missing")]
    if wrong:
        lines += _wrap(f"The rows held no longer say what these numbers were taken from: {', '.join(wrong)}.")
    return lines


def horizon(p: Plain) -> str:
    """How the part that stays open hangs on the years counted after the last order, in a sentence."""
    by = p["floor_share_by_years_counted_after_the_last_order"]
    said = ", ".join(f"{share(v)} with {years}" for years, v in by.items())
    central = next(r for r in p["inputs"] if r["name"] == "settings.run_off")
    drawn = (
        f"drawn from {central['low']:g} to {central['high']:g}" if central["high"] > central["low"] else "set"
    )
    return f"The years in which the need still counts after the last order are assumed and {drawn}: {said}."


def percent(value: float) -> str:
    """A weight with as many digits as it has, three at most: ``7.5%``."""
    return f"{100 * value:.3g}%"


def _assumed(p: Plain) -> list[str]:
    rows, total = p["assumed"], len(p["inputs"])
    said = "; ".join(
        f"{r['name']} {r['value']:g}" + (f" ({r['low']:g}-{r['high']:g})" if r["high"] > r["low"] else "")
        for r in rows
    )
    everywhere = " and ".join(p["assumed_everywhere"])
    return [
        "ASSUMED: WHAT NOBODY HAS MEASURED",
        *_wrap(
            f"{len(rows)} of {total} numbers have no row, or only for a part; so have all {everywhere}. In brackets "
            "the range that the draws cover. --explain says why each; -p name=value sets one."
        ),
        *_wrap(said, "  "),
    ]


def graded(entry: Plain) -> str:
    """``, graded C3``: the grade of the sources whose rows a number rests on; nothing where it has no row."""
    grades = sorted({row["grade"] for row in entry["rows"]})
    return f", graded {' and '.join(grades)}" if grades else ""


def _early(p: Plain) -> list[str]:
    d, q = p["draws"], p["question"]
    prices = {r["name"].removesuffix(".price"): r for r in p["inputs"] if r["name"].endswith(".price")}
    rows = [
        [r["label"], share(r["share"]), f"{r['low']:g}", f"{r['median']:g}", f"{r['high']:g}",
         {"row": "row" + graded(prices[r["option"]]), "part": "part assumed"}
         .get(prices[r["option"]]["standing"], "assumed")]
        for r in d["early"]
    ]  # fmt: skip
    asked = "any money" if q["budget"] is None else f"${q['budget']:g}bn a year"
    lines = [
        f"ORDERED IN THE FIRST THREE YEARS, SHARE OF {d['count']} DRAWS ({asked})",
        *_columns(["option", "draws", "10%", "median", "90%", "price from"], rows, [34, 8, 7, 8, 7, 16]),
    ]
    said = "; ".join(f"{r['label']} {share(r['share'])}" for r in d["by_capability"])
    lines += _wrap(f"Anything for a capability, whichever option (some are rivals for one line): {said}.")
    strong = [x for x in d["drivers"] if abs(x["rank_correlation"]) > x["chance"]]
    if strong:
        said = ", ".join(f"{x['number']} ({x['rank_correlation']:+.2f})" for x in strong[:5])
        lines += _wrap(
            f"Numbers that move the gap left most (rank correlation; chance alone reaches {strong[0]['chance']:.2f} "
            f"in one of twenty): {said}."
        )
    return lines


def _portfolio(p: Plain) -> list[str]:
    s, labels = p["score"], _label(p)
    first = _first_year(p)
    early: dict[str, int] = {}
    for r in p["orders"]:
        if r["year"] < first + 3:
            early[r["option"]] = early.get(r["option"], 0) + r["orders"]
    said = "; ".join(f"{n} x {labels[k]}" for k, n in early.items()) or "nothing"
    lines = [
        "ONE PORTFOLIO (central numbers; not the answer by itself)",
        *_wrap(
            f"Gap left {s['portfolio']:.2f} points of {s['nothing']:.2f}; no portfolio goes below {s['bound']:.2f} "
            f"(proven gap {100 * s['gap']:.2f}%, {100 * s['gap_of_nothing']:.2f}% of doing nothing; "
            f"stopped by: {s['stopped']}). ${s['spent_bn']:.0f}bn in all; {s['charge']:.3f} points are "
            "the charge for money that settles ties. A point is 1% of the American part "
            "missing in every year, on average over the scenarios."
        ),
        *_wrap(f"{first}-{first + 2}: {said}.", "  "),
    ]
    lines += _wrap(
        f"The plain rule (cheapest per percent first, every year) leaves {p['money']['rule_of_thumb']:.2f}.",
        "  ",
    )
    for a in p["alternatives"]:
        lines += _wrap(
            f"At most 2% worse ({a['score']:.2f}) with {share(a['moved_share'])} of the early money moved: "
            + "; ".join(f"{n} x {labels[k]}" for k, n in a["early"].items())
            + ".",
            "  ",
        )
    needed = [labels[r["option"]] for r in p["needed_within_2_percent"] if r["least"] >= 0.5]
    lines += _wrap(f"In every portfolio within 2%: {'; '.join(needed) or 'none'}. {_others(p)}")
    return lines


def _others(p: Plain) -> str:
    """Whether what can be left out one at a time can be left out together."""
    least, limit = (p["without_the_others"][k] for k in ("gap_at_least", "within_2_percent"))
    alone = "Each of the others can be left out alone"
    if least > limit:
        return (
            f"{alone}, not all of them together: that leaves {least:.2f} at least, within 2% is {limit:.2f}."
        )
    return f"{alone}; whether all of them together can is not settled."


def _first_year(p: Plain) -> int:
    return int(next(r["value"] for r in p["inputs"] if r["name"] == "settings.first_year"))


def _money(p: Plain) -> list[str]:
    rows = [
        [f"{r['budget']:g}", f"{r['score']:.2f}", f"{r['bound']:.2f}", f"{r['spent']:.0f}",
         _of(r["nothing"] - r["score"], r["nothing"])]
        for r in p["front"]
    ]  # fmt: skip
    m = p["money"]
    return [
        "MONEY AGAINST THE GAP",
        *_columns(["$bn a year", "gap left", "bound", "spent", "closed"], rows, [12, 12, 12, 12, 12]),
        *_wrap(
            f"One $bn more in every year closes {-m['every_year']:.2f} points; one $bn more once, in the first year, "
            f"{-m['once']:.2f}."
        ),
        *_wrap(
            f"Ten more order years would move {share(m['horizon_moved'])} of the money of the first three years: so "
            "much of this ranking is the end of the horizon."
        ),
        "Cheapest first: $bn for 1% of the American part of a capability",
        *_wrap(
            "; ".join(f"{_priced(p, r)} {r['bn_per_percent']:.3g}" for r in p["price_list"]) + ".",
            "  ",
        ),
    ]


def _priced(p: Plain, row: dict[str, Any]) -> str:
    """The option of a row of the price list, with its capability where it adds to several."""
    label = _label(p)[row["option"]]
    if sum(r["option"] == row["option"] for r in p["price_list"]) < 2:
        return label
    names = {g["capability"]: g["label"] for g in p["gaps"]}
    return f"{label} (for {names[row['capability']].lower()})"


def _floor(p: Plain) -> list[str]:
    f, n = p["floor"], p["floor"]["nothing"]
    if not n:
        return ["WHAT NO MONEY REMOVES: nothing is missing."]
    return [
        "WHAT NO MONEY REMOVES, AND WHAT WOULD (share of the gap; linear bounds)",
        *_columns(
            ["with money without limit", "left"],
            [
                ["lead times and production lines as they are", _of(f["floor"], n)],
                ["production lines without limit", _of(f["without_line_limits"], n)],
                ["deliveries in the year of the order", _of(f["without_lead_times"], n)],
                ["both", "0%" if f["without_both"] < 1e-6 * n else _of(f["without_both"], n)],
            ],
            [50, 12],
        ),
    ]


def _levers(p: Plain) -> list[str]:
    labels = _label(p)

    def best(key: str) -> str:
        some = sorted(p["levers"], key=lambda r: -float(r[key]))[:5]
        return ", ".join(f"{labels[r['option']]} {r[key]:.2f}" for r in some if r[key] > 5e-3) or "none"

    return [
        "WHAT ELSE BUYS TIME (points at this budget)",
        *_wrap(f"one year less lead: {best('lead_less_one_year')}", "  "),
        *_wrap(f"one more a year: {best('one_more_a_year')}", "  "),
        *_wrap(f"lost if it may not be bought: {best('forbidden')}", "  "),
    ]


def _regret(p: Plain) -> list[str]:
    rows = [
        [r["scenario"].replace("_", " "), percent(r["probability"]), *(f"{r[k]:.2f}" for k in POINTS)]
        for r in p["scenarios"]
    ]  # fmt: skip
    expected = [sum(r["probability"] * r[k] for r in p["scenarios"]) for k in POINTS]
    rows.append(
        ["expected", percent(sum(r["probability"] for r in p["scenarios"])), *(f"{v:.2f}" for v in expected)]
    )
    above = [r["scenario"].replace("_", " ") for r in p["scenarios"] if r["nothing"] > 100]
    return [
        "IF THIS HAPPENS (points; foresight: ordered by one who knew from the first year)",
        *_columns(
            ["scenario", "weight", "nothing", "portfolio", "foresight", "regret"],
            rows,
            [24, 9, 11, 12, 12, 9],
        ),
        *_wrap(
            f"With the charge for money of {p['score']['charge']:.3f} the expected {expected[1]:.2f} are the gap left "
            f"of {p['score']['portfolio']:.2f} above."
            if not p["question"]["tail"]["share"]
            else "Expected: the mean over the weights, without the charge for money and without --tail."
        ),
        *(
            _wrap(
                f"Above 100 ({', '.join(above)}): 100 is the American part of today missing throughout; aircraft that "
                "Europe itself retires are missing beside it."
            )
            if above
            else []
        ),
    ]


def _tankers(p: Plain) -> list[str]:
    rows = [
        [r["label"], f"{r['held']:g}", f"{r['gap']:g}", str(r["early"]), str(r["all"])]
        for r in p["definitions"]
    ]
    o = p["orbit"]
    europe = [
        f"{r['label']} {r['stationed']:g} ({r['unit']})" for r in p["in_europe"] if r["stationed"] is not None
    ]
    return [
        "EUROPE'S TANKERS BY DEFINITION, AND WHAT FOLLOWS",
        *_columns(["counted as tankers", "held", "gap", "first 3", "all"], rows, [47, 8, 8, 9, 7]),
        *_wrap(
            f"In Europe now: {'; '.join(europe)} ({p['stationed']['troops']:,.0f} troops). The part in a war "
            "is larger: --basis stationed plans for what stands here alone."
        ),
        *_wrap(
            f"One orbit, {o['radius']:g} nautical miles out, {o['station']:g} h on station, {o['rate']:g} receivers an "
            f"hour: {o['needed']} tankers by formula ({o['binds']} decides; boom alone {o['boom']:.1f}, presence "
            f"{o['presence']:.1f}), {o['simulated']} by simulation, {o['in_waves']} if they come in waves every 4 h."
        ),
    ]


def _limits(p: Plain) -> list[str]:
    lines = ["CHECKS AND LIMITS"]
    for c in p["checks"]:
        verdict = "inside" if c["inside"] else "OUTSIDE"
        lines += _wrap(
            f"{c['figure']} ({c['published']}): here {c['here']:.0f}, {verdict}. {c['note']}.", "  "
        )
    drawn = {r["option"]: r["share"] for r in p["draws"]["early"]}
    said = "; ".join(
        f"{_label(p)[r['option']]} {r['orders']:g} {r['unit']} (ordered early in {share(drawn[r['option']])} of draws)"
        for r in p["ordered_since_2023"]
    )
    lines += _wrap(
        f"No backtest is possible: nothing of this size has been withdrawn. Orders since 2023 that the rows name, not "
        f"complete: {said}.",
        "  ",
    )
    return lines + _wrap(
        "Not in any price: operation, crews, munitions, upkeep. Weights of the capabilities are equal because nobody "
        "measured them; the draws vary each. The model plans orders; it does not say that a withdrawal is likely. "
        f"Confidence in the ranking is low: it rests on {len(p['assumed'])} assumed numbers.",
        "  ",
    )


def _explained(p: Plain) -> list[str]:
    lines = ["EVERY NUMBER WITH ITS ROW"]
    for r in p["inputs"]:
        band = f" ({r['low']:g} to {r['high']:g})" if r["high"] > r["low"] else ""
        lines += _wrap(f"{r['name']} = {r['value']:g}{band} {r['unit']} [{r['standing']}{graded(r)}]")
        for row in r["rows"]:
            lines += _wrap(
                f"{row['source']} {row['locator']}: {row['what']} = {row['figure']} {row['unit'] or ''}"
                + (f" ({row['originator']})" if row["originator"] else ""),
                "    ",
            )
            lines.append(f"    {row['url']}")
        if r["note"]:
            lines += _wrap(r["note"], "    ")
        if r["assumed"]:
            lines += _wrap(f"assumed: {r['assumed']}", "    ")
    return lines
