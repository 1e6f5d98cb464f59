# SPDX-License-Identifier: Apache-2.0
"""A second simulator of world trade with planted diversion, made from customs records and from nothing in `bilat`.

    python benchmarks/worlds/second.py NAME SEED OUT.parquet

writes the table and OUT.json (question, truth, settings). Trade without routes is `worlds/second_trade.py`; what was
measured on real records stands in `second_settings.py`, and `second_against_records.py` prints both side by side.
Chosen, as no record shows it: the truth. Sizes, delays, mark-ups and what stays in the hub are as `routes` says.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pycountry

from worlds.second_settings import CHANGES, WORLDS, World, codes
from worlds.second_trade import F, Goods, Stage, consignments, product, ramp


def routes(s: Stage, k: int, g: Goods, hubs: F) -> tuple[F, F, list[dict]]:
    """Routes of product `k`: extra value and kg, and the truth. `hubs` were drawn for it.

    Share of the loss log-uniform in `share`; begins 0-24 months after the sanction, mostly soon; a quarter live
    4-10 months; half buy from one member, the others from two or three; 0-40% stays in the hub; sold 3-50% dearer,
    0-3 months later. Not planted where less than 5,000 USD arrives.
    """
    rng = s.rng(2, k)
    w = s.w
    M = s.months
    extra = np.zeros((s.n, s.n, M))
    weight = np.zeros((s.n, s.n, M))
    truth = []
    usual = g.value[s.coal].sum() / max(
        g.kg[s.coal].sum(), 1e-9
    )  # USD per kg: one weight on both legs
    shares = np.exp(rng.uniform(np.log(w.share[0]), np.log(w.share[1]), len(hubs)))
    shares *= min(1.0, 0.95 / max(shares.sum(), 1e-9))
    for h, share in zip(hubs, shares, strict=True):
        begin = g.start + int(25 * rng.random() ** 1.8)
        life = int(rng.integers(4, 11)) if rng.random() < 0.25 else M
        sent = share * g.lost * ramp(M, begin, rng.integers(1, 13)) * (np.arange(M) < begin + life)
        sent = consignments(
            rng, sent, 45 * np.sqrt(sent * 12 / 3e5) / 12 * np.exp(rng.normal(0, 0.7))
        )
        lag = int(rng.integers(0, 4))
        keep = rng.uniform(0, 0.4)
        dearer = rng.uniform(1.03, 1.5)
        count = 1 if rng.random() < 0.5 else int(rng.integers(2, 4))
        who = rng.choice(
            len(s.coal), min(count, len(s.coal)), replace=False, p=(g.by + 1) / (g.by + 1).sum()
        )
        parts = rng.dirichlet(np.full(len(who), 2.0))
        arrived = sent[: M - lag] * (1 - keep)
        if arrived.sum() < 5e3:  # too small to be one consignment of note: not planted
            continue
        extra[s.coal[who], h] += parts[:, None] * sent
        extra[h, s.target, lag:] += arrived * dearer
        weight[s.coal[who], h] += parts[:, None] * sent / usual
        weight[h, s.target, lag:] += arrived / usual
        first = s.period(int(np.flatnonzero(sent)[0]))
        row = {
            "hub": s.names[h],
            "product": k,
            "first": first,
            "usd": float(arrived.sum()),
            "share": float(share),
        }
        truth.append(
            row
            | {
                "from": [s.names[s.coal[i]] for i in who],
                "kept": keep,
                "markup": dearer,
                "lag": lag,
            }
        )
    return s.fold(extra, mean=False), s.fold(weight, mean=False), truth


def simulate(w: World, seed: int, planted: bool = True) -> tuple[pa.Table, dict]:
    """One world -> (t, i, j, k, v in 1000 USD, q in tonnes or null; question, truth, settings). Same seed, same rows.

    Without `planted` all else is the same: only pairs that a route uses differ. The truth's `usd` is what left the
    coalition for a route and reached the target within the file, at coalition prices; it stands under the code in force
    after the break (`new_codes`: new -> old), `sanctioned` (product -> period) under the old one.
    """
    s = Stage(w, seed)
    truth = []
    parts = []
    rng = s.rng(3)
    chosen = np.array(codes())
    changed = np.isin(chosen, list(CHANGES)) & w.code_changes
    odds = np.where(changed, 1e3, 1.0)
    chosen = np.sort(rng.choice(chosen, w.products, replace=False, p=odds / odds.sum()))
    odds = np.where(
        s.start < s.months - 1, rng.gamma(0.7, 1.0, w.products) * np.exp(0.5 * s.worth), 0.0
    )
    busy = rng.choice(w.products, w.routes, p=odds / odds.sum())
    pull = np.exp(0.5 * s.m + 0.7 * s.near[:, s.target]) * np.where(
        np.isin(np.arange(s.n), s.friends), 3.0, 1.0
    )
    pull = (pull * np.where(np.isin(np.arange(s.n), s.entrepots), 2.0, 1.0))[s.third]
    gaps = [
        (int(rng.choice(s.third)), int(rng.integers(w.first, w.last + 1))) for _ in range(w.holes)
    ]
    when = np.array([s.period(m) for m in range(0, s.months, 1 if w.monthly else 12)])
    number_of = {c.alpha_3: int(c.numeric) for c in pycountry.countries}
    iso = np.array([number_of[c] for c in s.names])
    for number, code in enumerate(chosen):
        g = product(s, number)
        value = g.value
        kg = g.kg
        hubs = rng.choice(
            s.third, min((busy == number).sum(), len(s.third)), replace=False, p=pull / pull.sum()
        )
        if planted and len(hubs) and g.lost.sum() > 0:
            more, weight, found = routes(s, number, g, hubs)
            value = value + more
            kg = kg + weight
            truth += [t | {"product": f"{int(code):06d}"} for t in found]
        noise = s.rng(5, number)
        told = value * np.exp(noise.normal(0, w.noise, value.shape))
        told *= np.where(
            noise.random(value.shape) < w.gross, noise.choice([0.1, 10.0], value.shape), 1.0
        )
        blank = noise.random(value.shape) < 0.12
        for c, year in gaps:
            told[c][:, (when // 100 if w.monthly else when) == year] = 0.0
        i, j, p = np.nonzero(told >= 1.0)
        v = told[i, j, p]
        q = kg[i, j, p]
        empty = blank[i, j, p]
        product_code = np.full(len(i), int(code))
        new = CHANGES.get(int(code), ()) if w.code_changes else ()
        late = when[p] >= (202201 if w.monthly else 2022)
        pieces = [(product_code, 1.0, ~late | (not new))] + [
            (np.full(len(i), c), f, late) for c, f in new
        ]
        for label, part, told_so in pieces:
            here = told_so & (v * part >= 1.0)
            columns = (
                when[p],
                iso[i],
                iso[j],
                label,
                np.round(v * part / 1e3, 3),
                np.round(q * part / 1e3, 6),
            )
            arrays = [pa.array(c[here]) for c in columns[:5]]
            parts.append(
                pa.table(
                    [*arrays, pa.array(columns[5][here], mask=empty[here])], names=list("tijkvq")
                )
            )
    old = (
        {f"{new:06d}": f"{k:06d}" for k, pair in CHANGES.items() for new, _ in pair}
        if w.code_changes
        else {}
    )
    share = (
        {f"{k:06d}": [(f"{c:06d}", f) for c, f in pair] for k, pair in CHANGES.items()}
        if w.code_changes
        else {}
    )
    truth = [
        t | {"product": c, "usd": t["usd"] * f}
        for t in truth
        for c, f in share.get(t["product"], [(t["product"], 1.0)])
    ]
    since = w.since if w.monthly else w.since[:4]
    about: dict[str, Any] = {
        "question": {"origin": sorted(w.coalition), "target": w.target, "since": since},
        "truth": truth,
    }
    about |= {
        "sanctioned": {
            f"{c:06d}": s.period(int(m))
            for c, m in zip(chosen, s.start, strict=True)
            if m < s.months
        }
    }
    about |= {"settings": asdict(w), "seed": seed, "new_codes": old}
    about |= {
        "holes": [[s.names[c], y] for c, y in gaps],
        "entrepots": [s.names[c] for c in s.entrepots],
    }
    return pa.concat_tables(parts), about | {"friends": [s.names[c] for c in s.friends]}


def main(arguments: list[str]) -> None:
    by_name = {w.name: w for w in WORLDS}
    if len(arguments) != 3 or arguments[0] not in by_name or not arguments[1].isdigit():
        sys.exit(
            f"python benchmarks/worlds/second.py NAME SEED OUT.parquet\nNAME: {', '.join(by_name)}"
        )
    table, about = simulate(by_name[arguments[0]], int(arguments[1]))
    out = Path(arguments[2])
    pq.write_table(table, out)
    out.with_suffix(".json").write_text(json.dumps(about, indent=1), "utf-8")
    print(f"{out}: {table.num_rows:,} rows, {len(about['truth'])} routes")


if __name__ == "__main__":
    main(sys.argv[1:])
