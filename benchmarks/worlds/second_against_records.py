# SPDX-License-Identifier: Apache-2.0
"""Simulated worlds beside customs records.

    python benchmarks/worlds/second_against_records.py SOURCES      the folder of records

Like is set against like: EU members' sales to the same seven states in two years before the break; for the walk of the
level, one exporter's sales to all and one importer's purchases from all.
"""

import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pycountry

from worlds.second import simulate
from worlds.second_settings import WESTERN, WORLDS, World

EDGES = (1, 1e3, 1e4, 1e5, 1e6, 1e7, 1e15)
_EU = "DEU NLD FRA ITA BEL ESP POL CZE AUT SWE IRL HUN DNK SVK ROU PRT FIN GRC SVN BGR LTU HRV EST LUX LVA MLT"
EU = _EU.split()
EAST = ["RUS", "BLR", "KAZ", "GEO", "ARM", "KGZ", "UZB"]
CLASS = """with c as (select coalesce(a.v, 0) a, coalesce(b.v, 0) b from (select * from f where y = {0}) a
  full join (select * from f where y = {1}) b using (r, p, k))
select e, count(*) filter (a >= e and a < hi), avg((b = 0)::int) filter (a >= e and a < hi),
  avg((a = 0)::int) filter (b >= e and b < hi),
  quantile_cont(ln(b / a), [.05, .25, .5, .75, .95]) filter (a >= e and a < hi and b > 0)
from c, (select unnest({2}) e, unnest({3}) hi) where a > 0 or b > 0 group by e order by e"""
SHAPE = """select count(*), avg(ln(v)), stddev(ln(v)), sum(v) filter (n <= total / 100) / sum(v),
  corr(ln(v), ln(w)) from
  (select a.v, b.v w, row_number() over (order by a.v desc) n, count(*) over () total
   from (select * from f where y = {1}) a left join (select * from f where y = {0}) b using (r, p, k))"""
LUMPS = """select e, count(*), avg(n), median(s) filter (n >= 6) from
  (select sum(v) a, count(*) n, stddev(ln(v)) s from m where y = {1} group by r, p, k),
  (select unnest({2}) e, unnest({3}) hi)
where a >= e and a < hi group by e order by e"""
ECHO = """with a as (select r, p, k, y * 12 + t m, ln(v) l, count(*) over w n, avg(ln(v)) over w mean from m
  where y in ({0}, {1}) window w as (partition by r, p, k))
select b.m - a.m lag, corr(a.l - a.mean, b.l - b.mean) from a join a b using (r, p, k)
where a.n = 24 and b.m - a.m in (1, 3, 12) group by lag order by lag"""
COMMON = """with g as (select r, p, k, g - avg(g) over () g from (select a.r, a.p, a.k, ln(b.v / a.v) g from f a
  join f b using (r, p, k) where a.y = {0} and b.y = {1} and a.v > 1e5))
select {2}, sum(s * s - q) / sum(n * (n - 1)) from (select sum(g) s, sum(g * g) q, count(*) n from g group by {3})"""
WALK = """with a as (select r, p, k, y, ln(v) l from (select *, count(*) over w n, median(v) over w h from f
  window w as (partition by r, p, k)) where n = (select count(distinct y) from f) and h >= 1e6),
g as (select a.*, b.l - a.l d, b.y - a.y h from a join a b using (r, p, k) where b.y - a.y in (1, 3, 5)),
c as (select *, d - median(d) over (partition by y, h) z from g)
select h, count(*), median(abs(z)) from c group by h order by h"""
AFTER = """with a as (select p, k, sum(v) filter (y = {0}) a, coalesce(sum(v) filter (y = {1}), 0) b
  from f group by p, k)
select p, round(ln(sum(b) / sum(a)), 2), list_transform(quantile_cont(ln(greatest(b, 100) / a), [.1, .25, .5, .75, .9])
  filter (a > 2e5), lambda x: round(x, 1)), count(*) filter (a > 2e5) from a group by p order by p"""


def show(title: str, rows: list[tuple]) -> None:
    print(f"  {title}")
    for row in rows:
        print("    ", *(round(x, 3) if isinstance(x, float) else x for x in row))


def report(
    con: duckdb.DuckDBPyConnection, title: str, years: tuple[int, int], months: bool = False
) -> None:
    """Print the figures of table f (r, p, k, y, v), and of m (the same by month) where it is held."""
    lo = list(EDGES[:-1])
    hi = list(EDGES[1:])
    n, mean, sd, top, same = con.execute(SHAPE.format(*years)).fetchall()[0]
    print(
        f"\n{title} {years}: {n:,} flows, ln {mean:.2f}, sd {sd:.2f}, top 1% {top:.2f}, corr {same:.2f}"
    )
    for e, count, gone, new, q in con.execute(CLASS.format(*years, lo, hi)).fetchall():
        if count >= 20:
            print(
                f"  {e:>6.0e} {count:>7,} gone {gone:.3f} new {new:.3f} growth",
                *(f"{x:6.2f}" for x in q),
            )
    for e, count, active, spread in (
        con.execute(LUMPS.format(*years, lo, hi)).fetchall() if months else []
    ):
        print(
            f"  {e:>6.0e} {count:>7,} active months {active:5.2f} sd ln month {spread or np.nan:.2f}"
        )
    if months:
        show("correlation of months of one flow", con.execute(ECHO.format(*years)).fetchall())
    keys = ("p", "k", "r", "r, p", "p, k", "r, k")
    show(
        "growth in common",
        [con.execute(COMMON.format(*years, f"'{k}'", k)).fetchall()[0] for k in keys],
    )


def world(con: duckdb.DuckDBPyConnection, w: World) -> str:
    """Tables f and m of a world without routes, USD; its products under sanction by the end of 2022, as SQL's list."""
    rows, about = simulate(w, 7, planted=False)
    iso = {int(c.numeric): c.alpha_3 for c in pycountry.countries}
    con.register("names", pa.table({"n": list(iso), "a": list(iso.values())}))
    con.register("rows", rows)
    year = "t // 100" if w.monthly else "t"
    con.execute(f"""create or replace table m as select a.a r, b.a p, k, {year} y, t % 100 t, v * 1000 v from rows
      join names a on a.n = i join names b on b.n = j""")
    con.execute("create or replace table f as select r, p, k, y, sum(v) v from m group by all")
    return str([int(k) for k, month in about["sanctioned"].items() if int(str(month)[:4]) <= 2022])


def table(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    con.execute(f"create or replace table f as {sql}")


def main(sources: Path) -> None:
    con = duckdb.connect()
    con.execute(f"""create table m as select reporter r, partner p, code[:6] k, period[:4]::int y, period[6:]::int t,
      sum(value_eur)::double v from '{sources}/eurostat/cn8_sanctioned_exports_eu27_to_7_2020_2022.parquet'
      where level = 'CN8' and value_eur > 0 group by reporter, partner, code[:6], period""")
    table(con, "select r, p, k, y, sum(v) v from m group by all")
    report(con, "REAL Eurostat HS6, EU members to seven states", (2020, 2021), months=True)
    show(
        "fill",
        con.execute(
            "select p, count(*) / 27. / 1392 from f where y = 2021 group by p order by 2"
        ).fetchall(),
    )
    table(
        con, "select r, p, k, y, sum(v) v from m where t between 6 and 11 and y > 2020 group by all"
    )
    show("Jun-Nov 2022 / 2021, ln: all; products", con.execute(AFTER.format(2021, 2022)).fetchall())
    table(
        con,
        f"""select 'TWN' r, country_en p, hs6 k, year y, sum(value_usd) v from
      '{sources}/taiwan_customs/exports_8542_hs11_by_country_2013_2025.csv'
      where year < 2025 and value_usd > 0 group by all""",
    )
    report(con, "REAL Taiwan 8542 by HS6", (2018, 2019))
    show("walk", con.execute(WALK).fetchall())
    table(
        con,
        f"""select partner_m49 r, 'RUS' p, hs2 k, year y, value_usd v from
      '{sources}/comtrade/russia_reported_by_partner_hs2_2000_2020.parquet'
      where flow = 'Import' and year > 2008 and value_usd > 0""",
    )
    report(con, "REAL Russia's imports by HS2", (2017, 2018))
    show("walk", con.execute(WALK).fetchall())
    named = {w.name: w for w in WORLDS}
    for w in (
        replace(named["yearly-large"], products=250),
        replace(named["monthly-middle"], countries=90, products=80, first=2019),
    ):
        listed = world(con, w)
        con.execute(
            f"create or replace table every as select * from f where list_contains({EAST}, p) or r = 'CHN'"
        )
        con.execute(
            f"delete from m where not (list_contains({EU}, r) and list_contains({EAST}, p))"
        )
        table(con, f"select * from every where list_contains({EU}, r) and list_contains({EAST}, p)")
        report(
            con, f"SIMULATED {w.name}, EU members to seven states", (2020, 2021), months=w.monthly
        )
        fill = "select p, count(*) / (select count(distinct r) * count(distinct k) from f) from f where y = 2020"
        show("fill", con.execute(fill + " group by p order by 2").fetchall())
        table(
            con,
            f"""select * from every where list_contains({list(WESTERN)}, r) and list_contains({EAST}, p)
          and list_contains({listed}, k)""",
        )
        show(
            "2023 / 2021, ln: all; sanctioned products",
            con.execute(AFTER.format(2021, 2023)).fetchall(),
        )
        for side in ("r = 'CHN'", "p = 'RUS'"):
            table(con, f"select * from every where {side} and y < 2022")
            show(f"walk where {side}", con.execute(WALK).fetchall())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
