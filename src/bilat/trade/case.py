# SPDX-License-Identifier: Apache-2.0
"""The case of each flag: its months, its legs, its rivals, and a paragraph that an officer can paste.

``write(answer, folder)`` lays down ``diversion.json`` (everything), ``flags.csv`` and one JSON per case.
Drawing is the picture's business: the dicts here are plain and complete.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from bilat.dyad import country_name
from bilat.trade.diversion import Diversion

_COLUMNS = (
    "rank", "hub", "product", "label", "tier", "excess_in", "excess_out", "diverted", "low", "high", "q_value",
    "substitution", "mirror_gap_change", "unit_value_z", "break", "score",
)  # fmt: skip


def money(value: float | None, currency: str) -> str:
    """``USD 12.3 million``: as many digits as the data bear."""
    if value is None:
        return "an unknown value"
    for size, word in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if abs(value) >= size:
            return f"{currency} {value / size:.3g}{word}"
    return f"{currency} {value:.0f}"


def paragraph(row: dict[str, Any], summary: dict[str, Any]) -> str:
    """The flag in sentences that stand by themselves: what, how much, how sure, what else it could be."""
    cur = summary["currency"]
    hub, target = country_name(row["hub"]), country_name(summary["target"])
    since, until = summary["after"]
    legs = row["legs"]
    code = f"HS {row['product']}" + (f", tier {row['tier']}" if row["tier"] else "")
    goods = code if row["label"].startswith("HS ") else f"{row['label']} ({code})"
    said = [
        f"{goods}: from {since} to {until} the origins sold {hub} {money(legs['in']['actual'], cur)}, where "
        f"{money(legs['in']['expected'], cur)} was to be expected."
    ]
    if legs["out"] is not None:
        said.append(
            f"In the same time {hub} sold {target} {money(legs['out']['actual'], cur)} instead of "
            f"{money(legs['out']['expected'], cur)}."
        )
        said.append(
            f"The smaller excess, {money(row['diverted'], cur)} (80% interval {money(row['low'], cur)} to "
            f"{money(row['high'], cur)}), is what can have gone through."
        )
    else:
        said.append(
            f"What {hub} sold on is not in the file: the excess of {money(row['diverted'], cur)} (80% interval "
            f"{money(row['low'], cur)} to {money(row['high'], cur)}) is one leg of a route, not a route."
        )
    if row["substitution"] is not None:
        said.append(
            f"That is {row['substitution']:.0%} of what direct trade with {target} lost in this product."
        )
    if row["break"]:
        said.append(f"The level of the first leg changed in {row['break']}.")
    said.append(
        f"Among {summary['pairs_tested']:,} pairs tested, a list cut here holds about {row['q_value']:.0%} false ones "
        "(q-value)."
    )
    held = [r for r in row["rivals"] if r["verdict"] in ("holds", "in part")]
    open_ = [r["name"] for r in row["rivals"] if r["verdict"] == "not testable"]
    gone = [r["name"] for r in row["rivals"] if r["verdict"] == "rejected"]
    for r in held:
        said.append(
            f"Another reading {'holds' if r['verdict'] == 'holds' else 'holds in part'}: {r['name']} ({r['because']})."
        )
    if gone:
        said.append(f"Tested and rejected: {', '.join(gone)}.")
    if open_:
        said.append(f"Not testable with this file: {', '.join(open_)}.")
    said.append("A statistical flag is a reason to look, not proof of a breach.")
    return " ".join(said)


def cases(answer: Diversion) -> list[dict[str, Any]]:
    """One dict per worked-out pair: rank, row, months of the three legs, paragraph."""
    out = []
    for rank, row in enumerate(answer.rows, start=1):
        shown = answer.series.get((row["hub"], row["product"]))
        if shown is not None:
            out.append(
                {"rank": rank, "row": row, "series": shown.plain(row["hub"], row["product"]),
                 "paragraph": paragraph(row, answer.summary)}
            )  # fmt: skip
    return out


def links(answer: Diversion) -> list[dict[str, Any]]:
    """The flow map of the flags: origins -> hub -> target by value diverted, for a Sankey.

    Shape: dicts of source, target, value, low, high, flags.
    """
    out = []
    for hub, sums in answer.summary["hubs"].items():
        for a, b in (("origins", hub), (hub, answer.summary["target"])):
            out.append({"source": a, "target": b, "value": sums["diverted"], "low": sums["low"], "high": sums["high"],
                        "flags": sums["flags"]})  # fmt: skip
    return out


def page(answer: Diversion) -> dict[str, Any]:
    """What a page or a site needs: summary, rows, cases, links."""
    return {"summary": answer.summary, "rows": answer.rows, "cases": cases(answer), "links": links(answer)}


def write(answer: Diversion, folder: Path) -> list[Path]:
    """Lay the answer down in ``folder``; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / "diversion.json", folder / "flags.csv"]
    made[0].write_text(json.dumps(page(answer), ensure_ascii=False, indent=1), "utf-8")
    with made[1].open("w", newline="", encoding="utf-8") as f:
        sheet = csv.DictWriter(f, _COLUMNS, extrasaction="ignore")
        sheet.writeheader()
        for rank, row in enumerate(answer.rows, start=1):
            sheet.writerow({"rank": rank, **row})
    for case in cases(answer):
        path = folder / f"{case['rank']:03d}-{case['row']['hub']}-{case['row']['product']}.json"
        path.write_text(json.dumps(case, ensure_ascii=False, indent=1), "utf-8")
        made.append(path)
    return made
