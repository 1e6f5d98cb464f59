# SPDX-License-Identifier: Apache-2.0
"""Samples of trade and energy: made-up figures in each publisher's format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sample_writing import BOM, CRLF, HEADERS, lines, sample, table

#: name, alpha-3, alpha-2, UN M49, Census number
PLACES = [
    ("Armenia", "ARM", "AM", 51, "4631"),
    ("Germany", "DEU", "DE", 276, "4280"),
    ("Kazakhstan", "KAZ", "KZ", 398, "4634"),
    ("Kyrgyzstan", "KGZ", "KG", 417, "4635"),
    ("Turkey", "TUR", "TR", 792, "4890"),
    ("Viet Nam", "VNM", "VN", 704, "5520"),
]
YEARS = range(2018, 2024)


def months(first: int = 2022, years: int = 1) -> Iterator[tuple[int, int]]:
    """Each (year, month)."""
    for year in range(first, first + years):
        for month in range(1, 13):
            yield year, month


def parquet(columns: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(columns, out, compression="zstd")
    return out.getvalue()


@sample("armstat_trade", "trade_by_country_monthly.csv")
def armstat(rng: Random) -> bytes:
    rows: list[dict[str, Any]] = [
        {
            "country": name,
            "year": y,
            "month": m,
            "export": round(rng.uniform(1, 9000), 5),
            "import_origin": rng.choice([0, round(rng.uniform(1, 9000), 2)]),
            "import_consignment": round(rng.uniform(1, 9000), 2),
            "date": f"{y}-{m:02}-01",
        }
        for name, *_ in PLACES[1:5]
        for y, m in months()
    ]
    key = "armstat_trade/trade_by_country_monthly.csv"
    return table(key, rows, above=BOM, quoting=csv.QUOTE_NONNUMERIC)


@sample("atlas_techai_baskets", "techai_baskets_bilateral_exports_2012_2024.csv")
def atlas_flows(rng: Random) -> bytes:
    rows = [
        {
            "year": y,
            "exporter": "CHN",
            "importer": to,
            "basket": b,
            "value_usd": rng.randrange(10**6, 10**9),
            "source_offset": rng.randrange(10**6),
        }
        for y in YEARS
        for to in ("RUS", "KAZ")
        for b in ("chips", "computers")
    ]
    return table(
        "atlas_techai_baskets/techai_baskets_bilateral_exports_2012_2024.csv", rows, end=CRLF
    )


@sample("atlas_techai_baskets", "techai_basket_definitions.csv")
def atlas_codes(rng: Random) -> bytes:
    codes = [
        ("chips", "854231"),
        ("chips", "854232"),
        ("chips", "854239"),
        ("computers", "847130"),
        ("computers", "847150"),
        ("computers", "847330"),
        ("telecoms", "851762"),
        ("telecoms", "851769"),
    ]
    rows = [{"basket": b, "hs6": c, "in_chpl_50": rng.randrange(2)} for b, c in codes]
    return table("atlas_techai_baskets/techai_basket_definitions.csv", rows, end=CRLF)


@sample("baci_russia_china", "baci_hs17_v202501_RUS_CHN_hs6_2017_2023.csv")
def baci(rng: Random) -> bytes:
    rows = [
        {
            "t": y,
            "i": i,
            "j": j,
            "k": k,
            "v": round(rng.uniform(1, 9999), 3),
            "q": rng.choice(["", 3.124, 40.5]),
        }
        for y in (2017, 2018)
        for i, j in ((156, 643), (643, 156))
        for k in (10620, 270900, 850440, 854231, 880730)
    ]
    return table("baci_russia_china/baci_hs17_v202501_RUS_CHN_hs6_2017_2023.csv", rows)


@sample("china_customs_wind", "china_imports_from_russia_wind_raw.csv")
def wind(rng: Random) -> bytes:
    key = "china_customs_wind/china_imports_from_russia_wind_raw.csv"

    header = next(csv.reader([HEADERS[key]]))
    names = header[1:]
    units = [
        "USD" if n.startswith("Value") else "ton" if "Coal" in n else "kg" for n in names
    ]  # Wind gives coal in tonnes and the rest in kilograms
    wide = len(names)
    top = [
        ["ID", *(f"S{n:07}" for n in range(wide))],
        ["Frequency", *["Monthly"] * wide],
        ["Unit", *units],
        ["Source", *["China Customs"] * wide],
        ["Time Period", *["2020-01:2021-12"] * wide],
        ["Update", *["2022-04-24"] * wide],
    ]
    body = [
        [f"{y}-{m:02}", *(rng.choice(["", f"{rng.uniform(1e3, 9e8):,.2f}"]) for _ in names)]
        for y, m in months(2020, 2)
    ]
    end = lines([[""] * (wide + 1), ["Source: Wind", *[""] * wide]]).removesuffix("\n")
    return (BOM + HEADERS[key] + "\n" + lines([*top, *body]) + end).encode()


@sample("china_energy_by_source", "china_energy_imports_by_source_2020_2021_2023.csv")
def energy_by_source(rng: Random) -> bytes:
    reviews = {
        2020: "BP Statistical Review 2021",
        2021: "BP Statistical Review 2022",
        2023: "Energy Institute Statistical Review 2024",
    }
    rows = [
        {
            "year": y,
            "fuel": fuel,
            "source": s,
            "value": round(rng.uniform(0.1, 90), 9),
            "unit": unit,
            "publication": p,
            "sheet": "Inter-area movements",
        }
        for y, p in reviews.items()
        for fuel, unit in (("crude_oil", "million tonnes"), ("lng", "bcm"), ("pipeline_gas", "bcm"))
        for s in ("Australia", "Russian Federation", "Other Middle East*", "Total imports")
    ]
    return table("china_energy_by_source/china_energy_imports_by_source_2020_2021_2023.csv", rows)


@sample("comtrade_armenia_cars", "armenia_cars_comtrade_v1.csv")
def armenian_cars(rng: Random) -> bytes:
    rows = [
        {
            "typeCode": "C",
            "freqCode": "M",
            "period": f"{y}{m:02}",
            "reporterISO": "ARM",
            "flowCode": flow,
            "partnerISO": place[1],
            "partner2Code": 0,
            "cmdCode": code,
            "customsCode": "C00",
            "motCode": 0,
            "primaryValue": round(rng.uniform(1e3, 9e6), 2),
            "isReported": True,
            "isAggregate": False,
        }
        for y, m in months()
        for flow in "MX"
        for place in PLACES[1:3]
        for code in ("870323",)
    ]
    return table("comtrade_armenia_cars/armenia_cars_comtrade_v1.csv", rows, end=CRLF)


@sample("comtrade_china_minerals", "china_critical_minerals_hs6_monthly_by_partner.csv")
def minerals(rng: Random) -> bytes:
    rows = []
    for y, m in months(2017):
        for name, *_ in PLACES[1:4]:
            for code in ("250410", "380110"):
                value, weight = round(rng.uniform(1e3, 9e5), 1), round(rng.uniform(1e3, 9e5), 3)
                rows.append(
                    {
                        "period_dt": f"{y}-{m:02}-01",
                        "partner_name": name,
                        "hs6": code,
                        "val": value,
                        "qty": weight,
                        "uv": value / weight,
                    }
                )
    return table("comtrade_china_minerals/china_critical_minerals_hs6_monthly_by_partner.csv", rows)


@sample("comtrade_russia_hs2", "russia_reported_by_partner_hs2_2000_2020.parquet")
def russia_hs2(rng: Random) -> bytes:
    rows = [
        (p[3], f, y, c, rng.randrange(10**3, 10**8))
        for p in PLACES
        for f in ("Import", "Export")
        for y in (2019, 2020)
        for c in (1, 27, 84, 85)
    ]
    part, flow, year, chapter, value = zip(*rows, strict=True)
    return parquet(
        pa.table(
            {
                "partner_m49": pa.array(part, pa.int64()),
                "flow": pa.array(flow, pa.large_string()),
                "year": pa.array(year, pa.int64()),
                "hs2": pa.array(chapter, pa.int64()),
                "value_usd": pa.array(value, pa.int64()),
            }
        )
    )


@sample("comtrade_thailand_chips", "thailand_imports_8542_by_partner_2014_2024.csv")
def thailand(rng: Random) -> bytes:
    rows = [
        {
            "refYear": y,
            "reporterISO": "THA",
            "flowCode": "M",
            "partnerISO": p,
            "cmdCode": 8542,
            "netWgt": "" if p == "W00" else round(rng.uniform(1, 900), 1),
            "primaryValue": round(rng.uniform(1e4, 9e9), 1),
        }
        for y in range(2019, 2023)
        for p in ("W00", *(c for _, c, *_ in PLACES))
    ]
    return table("comtrade_thailand_chips/thailand_imports_8542_by_partner_2014_2024.csv", rows)


@sample("comtrade_world_2021", "world_total_exports_by_partner_2021.csv")
def world_2021(rng: Random) -> bytes:
    names = [p[0] for p in PLACES]
    rows = [
        {
            "year": 2021,
            "reporter": a,
            "partner": b,
            "export_value_usd": round(rng.uniform(1e3, 9e9), 3),
        }
        for a in names
        for b in ("World", *names)
        if a != b
    ]
    return table("comtrade_world_2021/world_total_exports_by_partner_2021.csv", rows)


@sample("eurostat_cn8_sanctioned", "cn8_sanctioned_exports_eu27_to_7_2020_2022.parquet")
def cn8(rng: Random) -> bytes:
    rows = [
        (a, b, code, level, f"{y}-{m:02}", rng.randrange(10**6))
        for a in ("DE", "LT")
        for b in ("KG", "RU")
        for y, m in months(2022)
        for code, level in (("84713000", "CN8"), ("85423190", "CN8"), ("8542", "HS4"))
    ]
    a, b, code, level, period, value = (list(c) for c in zip(*rows, strict=True))
    few = pa.dictionary(pa.int8(), pa.string())
    return parquet(
        pa.table(
            {
                "reporter": pa.array(a).cast(few),
                "partner": pa.array(b).cast(few),
                "code": pa.array(code, pa.large_string()),
                "level": pa.array(level).cast(few),
                "period": pa.array(period, pa.large_string()),
                "value_eur": pa.array(value, pa.int64()),
            }
        )
    )


@sample("eurostat_total_annual", "total_annual_eu27_to_world.csv")
def eu_annual(rng: Random) -> bytes:
    rows = [
        {
            "reporter": "EU27_2020",
            "partner": name,
            "flow": f,
            "period": y,
            "value_eur": rng.randrange(10**9),
        }
        for name in ("Bouvet Island", *(p[0] for p in PLACES))
        for f in ("EXPORT", "IMPORT")
        for y in YEARS
    ]
    return table("eurostat_total_annual/total_annual_eu27_to_world.csv", rows)


@sample("eurostat_total_monthly", "total_monthly_eu_members_to_cis.csv")
def eu_monthly(rng: Random) -> bytes:
    rows = [
        {
            "reporter": a,
            "is_aggregate": a == "EU27_2020",
            "partner": b,
            "flow": f,
            "period": f"{y}-{m:02}",
            "value_eur": rng.randrange(10**8),
        }
        for a in ("AT", "EU27_2020")
        for b in ("AM", "RU")
        for f in ("EXPORT", "IMPORT")
        for y, m in months(2022)
    ]
    return table("eurostat_total_monthly/total_monthly_eu_members_to_cis.csv", rows)


@sample("gacc_exports_russia", "china_russia_monthly_2017_2024.csv")
def gacc(rng: Random) -> bytes:
    other = "brent_usd usd_rub usd_cny ln_CHN_exp_to_RUS_bn ln_RUS_exp_to_CHN_bn ln_brent_usd"
    rows = [
        {
            "date": f"{y}-{m:02}-01",
            "CHN_exp_to_RUS_bn": f"{rng.uniform(3, 9):.9f}",
            "RUS_exp_to_CHN_bn": f"{rng.uniform(3, 9):.9f}",
            **{c: "1.0" for c in [*other.split(), "ln_usd_rub", "ln_usd_cny"]},
        }
        for y, m in months(2017, 2)
    ]
    return table("gacc_exports_russia/china_russia_monthly_2017_2024.csv", rows)


@sample("imf_russia", "imts_russia_by_partner_annual.csv")
def imf(rng: Random) -> bytes:
    flows = {
        "MG_CIF_USD": (
            "Imports of goods, Cost insurance freight (CIF), US dollar",
            "MG",
            "Imports of goods",
        ),
        "XG_FOB_USD": (
            "Exports of goods, Free on board (FOB), US dollar",
            "XG",
            "Exports of goods",
        ),
    }
    partners = [("G001", "World"), ("TX899", "Special Categories"), *((p[1], p[0]) for p in PLACES)]
    rows = [
        {
            "DATASET": "IMF.STA:IMTS(1.0.0)",
            "SERIES_CODE": f"RUS.{flow}.{code}.A",
            "OBS_MEASURE": "OBS_VALUE",
            "COUNTRY.ID": "RUS",
            "COUNTRY": "Russian Federation",
            "INDICATOR.ID": flow,
            "INDICATOR": indicator,
            "COUNTERPART_COUNTRY.ID": code,
            "COUNTERPART_COUNTRY": name,
            "FREQUENCY.ID": "A",
            "FREQUENCY": "Annual",
            "SCALE.ID": 6,
            "SCALE": "Millions",
            "TRADE_FLOW.ID": short,
            "TRADE_FLOW": words,
            **{
                str(y): rng.choice(["", round(rng.uniform(0.01, 9e4), 6)])
                for y in range(2016, 2024)
            },
            "2024": round(rng.uniform(0.01, 9e4), 6),
        }
        for flow, (indicator, short, words) in flows.items()
        for code, name in partners
    ]
    return table(
        "imf_russia/imts_russia_by_partner_annual.csv", rows, above=BOM, quoting=csv.QUOTE_ALL
    )


def _national(reporter: str) -> None:
    name = f"{reporter.lower()}_import_yearly.csv"

    @sample("national_imports", name)
    def national(rng: Random) -> bytes:
        rows = [
            {
                "REPORTER": reporter,
                "PARTNER": p,
                "PRODUCT": "TOTAL",
                "FLOW": "IMPORT",
                "STAT_PROCEDURE": "NORMAL",
                "PERIOD": f"Y{y}",
                "VALUE_IN_EUR": round(rng.uniform(1e3, 9e8), 2),
            }
            for y in YEARS
            for p in ("Albania", "Germany", "Turkey", "China")
        ]
        return table(f"national_imports/{name}", rows)


for _reporter in ("Kyrgyzstan", "Kazakhstan", "Uzbekistan"):
    _national(_reporter)


@sample("taiwan_customs_8542", "exports_8542_hs11_by_country_2013_2025.csv")
def taiwan(rng: Random) -> bytes:
    rows = [
        {
            "year": y,
            "country_zh": zh,
            "country_en": en,
            "hs6": code[:6],
            "hs11": code,
            "description": "Processors and controllers, whether or not combined with memories",
            "value_usd": round(rng.uniform(1e3, 9e8), 2),
        }
        for y in range(2020, 2024)
        for zh, en in (("土耳其", "Turkey"), ("德國", "Germany"), ("中國大陸", "China"))
        for code in ("85423100002", "85423200001")
    ]
    return table("taiwan_customs_8542/exports_8542_hs11_by_country_2013_2025.csv", rows)


@sample("us_census_exports", "exports_total_by_country_monthly_2013_2024.csv")
def census(rng: Random) -> bytes:
    places = [
        ("-", "TOTAL FOR ALL COUNTRIES"),
        ("4XXX", "EUROPE"),
        ("0003", "EUROPEAN UNION"),
        *((p[4], p[0].upper()) for p in PLACES[:3]),
    ]
    rows = [
        {
            "cty_code": c,
            "cty_name": n,
            "all_val_mo": rng.randrange(10**9),
            "year": y,
            "month": f"{m:02}",
        }
        for y, m in months(2022)
        for c, n in places
    ]
    return table("us_census_exports/exports_total_by_country_monthly_2013_2024.csv", rows)


@sample("world_imports_18_codes", "world_imports_hs6_18codes_2018_2024.parquet")
def eighteen(rng: Random) -> bytes:
    rows = [
        {
            "refYear": y,
            "reporterCode": a[3],
            "reporterISO": a[1],
            "flowCode": "M",
            "partnerCode": n,
            "partnerISO": b,
            "classificationCode": "H6",
            "cmdCode": code,
            "qtyUnitAbbr": "kg",
            "qty": 0.0,
            "netWgt": None,
            "cifvalue": 1.0,
            "fobvalue": None,
            "primaryValue": round(rng.uniform(1e3, 9e8), 3),
            "isReported": "False",
        }
        for y in (2021, 2022)
        for a in PLACES
        for b, n in (("W00", 0), ("CHN", 156))
        for code in ("854231", "850440")
    ]
    whole = {"refYear", "reporterCode", "partnerCode"}
    floats = {"qty", "netWgt", "cifvalue", "fobvalue", "primaryValue"}
    schema = pa.schema(
        [
            pa.field(
                n,
                pa.int64() if n in whole else pa.float64() if n in floats else pa.string(),
                nullable=n in ("netWgt", "cifvalue", "fobvalue"),
            )
            for n in rows[0]
        ]
    )
    return parquet(pa.Table.from_pylist(rows, schema=schema))


@sample("eurostat_hubs_to_2025", "eu27_total_exports_to_hubs_2017_2025.csv")
def hubs_to_2025(rng: Random) -> bytes:
    rows = [
        {"partner": p, **{str(y): round(rng.uniform(500, 5000), 1) for y in range(2017, 2026)}}
        for p in ("AM", "AZ", "GE", "KG", "KZ", "TJ", "UZ")
    ]
    return table("eurostat_hubs_to_2025/eu27_total_exports_to_hubs_2017_2025.csv", rows)
