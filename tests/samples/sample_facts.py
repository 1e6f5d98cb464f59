# SPDX-License-Identifier: Apache-2.0
"""Samples of compiled facts, arms, exercises, losses and strikes: made up in the form of each file."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from random import Random
from typing import Any

from sample_writing import CRLF, HEADERS, lines, sample, table

PAGE = "https://example.org/2023/05/04/page-{}.html"


@sample("enablers", "enablers.csv")
def enablers(rng: Random) -> bytes:
    values = ["605", "~90", "3-4", "<40", ">=6", "several", "12.5"]
    rows = [
        {
            "capability": "air-to-air refuelling",
            "owner": "Examplia",
            "system": f"tanker {n}",
            "metric": "inventory",
            "value": v,
            "unit": "aircraft",
            "as_of": str(2018 + n),
            "originator": "made up",
            "source_url": PAGE.format(n),
            "quote_or_basis": "a total, in service",
            "note": "" if n % 2 else "counted whole",
        }
        for n, v in enumerate(values)
    ]
    return table("enablers/enablers.csv", rows, end=CRLF)


@sample("energy_facts", "energy.csv")
def energy(rng: Random) -> bytes:
    kinds = [
        ("chokepoint_oil_transit", "Strait of Malacca", "million b/d"),
        ("china_crude_imports", "Russia", "million tonnes"),
        ("china_crude_imports", "Total", "million b/d"),
        ("china_gas_imports", "LNG Australia", "million tonnes"),
        ("pipeline_capacity", "Example pipeline", "bcm/year"),
    ]
    rows = [
        {
            "metric": m,
            "entity": e,
            "period": y,
            "value": round(rng.uniform(0.5, 40), 1),
            "unit": u,
            "source_url": PAGE.format(y),
            "note": "made up, updated 25 Jun 2024; all users",
        }
        for y in (2021, 2022)
        for m, e, u in kinds
    ]
    return table("energy_facts/energy.csv", rows, end=CRLF)


@sample("exercises", "exercises.csv")
def exercises(rng: Random) -> bytes:
    rows = []
    for n in range(1, 13):
        third = "Kazakhstan;Kyrgyzstan" if n % 3 == 0 else ""
        row: dict[str, Any] = {
            "id": f"EX{n:03}",
            "name": f"Example-{2010 + n}",
            "start_date": f"{2010 + n}-08-0{1 + n % 9}",
            "end_date": f"{2010 + n}-08-2{n % 9}",
            "date_precision": "day",
            "participants": ";".join(filter(None, ["China", third, "Russia"])),
            "third_countries": third,
            "domain": "land;air",
            "kind": "bilateral large-scale",
            "place": "Vladivostok, then the bay",
            "lat": 43.12,
            "lon": 131.89,
            "coords_basis": "approximate, from the place name",
            "source_url": f"https://example.org/{2010 + n}/08/exercise.html",
        }
        if n % 2:
            row |= {"troops_total": 1000 * n, "troops_china": 600 * n, "troops_russia": 400 * n}
        rows.append(row)
    return table("exercises/exercises.csv", rows, end=CRLF)


@sample("russian_exercises", "joint_exercises_involving_russia_2009_2018.csv")
def russian_exercises(rng: Random) -> bytes:
    """The publisher's file goes on in lines that have a number and nothing else."""
    rows: list[dict[str, Any]] = [
        {
            "id": n,
            "name": f"Пример-{2009 + n}",
            "yr": 2009 + n,
            "part1": "India",
            "part2": "China",
            "part3": "CSTO members" if n % 4 == 0 else "",
            "source": f"https://example.org/{n}",
        }
        for n in range(1, 10)
    ]
    rows += [{"id": n} for n in range(10, 16)]
    key = "russian_exercises/joint_exercises_involving_russia_2009_2018.csv"
    return table(key, rows, end=CRLF).removesuffix(b"\r\n")


@sample("leader_meetings", "leader_meetings.csv")
def leader_meetings(rng: Random) -> bytes:
    rows = [
        {
            "date": f"{2013 + n}-06-0{1 + n}",
            "precision": "day",
            "place": "Moscow",
            "country": "RUS",
            "format": ("in_person", "multilateral", "phone", "video")[n % 4],
            "occasion": f"made-up visit {n}",
            "source_url": f"https://example.org/{2013 + n}/06/0{1 + n}/visit.html (copy of the page)",
            "note": f"Xi: {20 + n}th meeting since 2013" if n % 3 == 0 else "",
        }
        for n in range(9)
    ]
    rows.append(
        {
            "date": "2022-12",
            "precision": "month",
            "format": "video",
            "occasion": "made-up call",
            "source_url": "https://example.org/2022/12/call.html",
        }
    )
    return table("leader_meetings/leader_meetings.csv", rows, end=CRLF)


@sample("military_contacts", "military_contacts.csv")
def military_contacts(rng: Random) -> bytes:
    dates = [
        ("2013-03-24", "day"),
        ("2017-12", "month"),
        ("2018-08", "period"),
        ("2019-05-01", "reported"),
    ]
    rows = [
        {
            "date": d,
            "precision": p,
            "type": "talks",
            "place": "Moscow",
            "chinese_side": "A. Example",
            "russian_side": "B. Example; C. Example",
            "level": level,
            "source_url": PAGE.format("x"),
        }
        for d, p in dates
        for level in ("defence ministers", "defence minister", "chief of staff")
    ]
    return table("military_contacts/military_contacts.csv", rows, end=CRLF)


@sample("production_estimates", "production_estimates.csv")
def production(rng: Random) -> bytes:
    figures = [
        ("56", 56, 56),
        ("~90", 80, 100),
        ("3-4", 3, 4),
        (">700", 700, ""),
        ("<100", "", 100),
    ]
    rows = [
        {
            "item": f"Example missile {f}",
            "category": "production",
            "figure": f,
            "figure_low": low,
            "figure_high": high,
            "unit": "missiles/year",
            "period": period,
            "as_of": "2024-06",
            "originator": "made up",
            "source_url": PAGE.format("p"),
            "quote": 'said "some", in the year',
            "note": "as read",
        }
        for f, low, high in figures
        for period in ("2022", "2022-02..2023-05")
    ]
    return table("production_estimates/production_estimates.csv", rows, end=CRLF)


@sample("published_figures", "published_figures.csv")
def published(rng: Random) -> bytes:
    rows = [
        {
            "id": f"PF{n:02}",
            "measure": "trade.exports",
            "figure": f"Exports, Jan-Oct {2013 + n}, EUR",
            "value": f"{n}.5e6 (+{n}%)",
            "tolerance": "2%",
            "url": f"example.org/{n}",
        }
        for n in range(1, 10)
    ]
    return table("published_figures/published_figures.csv", rows, end=CRLF)


@sample("tech_dependence", "tech_dependence.csv")
def dependence(rng: Random) -> bytes:
    rows = [
        {
            "chinese_platform": f"X-{n} (A/B)",
            "imported_item": f"engine {n}",
            "supplier": "Russia",
            "item_type": "turbofan",
            "import_years_sipri": "2003-2023",
            "units_sipri": 10 * n,
            "tiv_sipri": 1.5 * n,
            "domestic_substitute": "W-10, interim" if n % 2 else "",
            "replaced_since": f"seen in {2010 + n}" if n % 2 else "",
            "status": "replaced",
            "source_url": f"https://example.org/{2011 + n}/x",
            "source_url_2": "",
        }
        for n in range(1, 10)
    ]
    return table("tech_dependence/tech_dependence.csv", rows, end=CRLF)


@sample("trade_finance", "trade_finance.csv")
def finance(rng: Random) -> bytes:
    periods = ["2016", "2017", "2022-12", "2023H1", "2023 Jan-Nov"]
    rows = [
        {
            "metric": metric,
            "period": p,
            "value": round(rng.uniform(1, 90), 2),
            "unit": unit,
            "source_url": f"https://example.org/2024-01-0{1 + n}/page.html",
            "note": "made up",
        }
        for metric, unit in (("total", "billion USD"), ("yuan_share", "percent of settlement"))
        for n, p in enumerate(periods)
    ]
    return table("trade_finance/trade_finance.csv", rows, end=CRLF)


@sample("gur_components", "gur_components.csv")
def components(rng: Random) -> bytes:
    makers = [
        ("Example Semiconductor", "USA"),
        ("Not identified", "UNK"),
        ("Beispiel GmbH", "DE"),
        ("EXAMPLE CONTROLS CO., LTD", "TW"),
    ]
    rows = [
        {
            "component_id": f"gur-{7000 - n}",
            "name_marking": f"Relay {n}, solid state",
            "category": "passive",
            "manufacturer": makers[n % 4][0],
            "manufacturer_country": makers[n % 4][1],
            "found_in_drones": json.dumps(
                ["example-uav"] if n % 3 else ["example-uav", "example-missile"]
            ),
            "sanctions_status": "unknown",
            "is_dual_use": False,
            "replaceable_with": "[]",
            "price_retail_usd": "" if n % 2 else 1.5,
            "source_url": f"https://example.org/components/{7000 - n}",
            "last_verified": "2026-06-13",
            "notes": "made up",
        }
        for n in range(16)
    ]
    rows.append(
        {**rows[0], "found_in_drones": '["example-helicopter"]'}
    )  # a component listed twice is one
    return table("gur_components/gur_components.csv", rows, end=CRLF)


def _deals(rng: Random, first: int) -> list[list[Any]]:
    sides = [
        ("Russia", "China"),
        ("Russia", "India"),
        ("Ukraine", "China"),
        ("France", "unknown recipient(s)"),
    ]
    return [
        [
            first + n,
            *sides[n % 4],
            f"Type-{n}",
            "made-up weapon",
            ("Aircraft", "Engines", "Missiles", "Ships")[n % 4],
            2000 + n,
            ("Yes", "No", "")[n % 3],
            1 + n % 7,
            "No",
            2001 + n,
            "No",
            "New",
            1.5,
            1.5,
            round(rng.uniform(0.1, 90), 2),
            "No",
        ]
        for n in range(20)
    ]


@sample("sipri_register", "trade_register_generated_2025-01-03.csv")
def register_2025(rng: Random) -> bytes:
    top = "Transfers of major conventional arms: a made-up sample" + "\nAn explanation." * 8
    top += "\n\nData generated: 3 Jan 2025 9:16:02 PM\n"
    key = "sipri_register/trade_register_generated_2025-01-03.csv"
    return (top + HEADERS[key] + "\n" + lines(_deals(rng, 60000))).encode()


@sample("sipri_register", "trade_register_generated_2026-02-12.csv")
def register_2026(rng: Random) -> bytes:
    """This edition ends nearly every line with a semicolon, and the last one with no line end."""
    top = "Transfers of major conventional arms: a made-up sample;\r\n" + "An explanation.;\r\n" * 5
    top += "A line without.\r\nAnother.;\r\n;\r\nSource: made up.;\r\nData generated: 12 Feb 2026 12:26:12 PM;\r\n"
    key = "sipri_register/trade_register_generated_2026-02-12.csv"
    body = lines([HEADERS[key].split(","), *_deals(rng, 61000)])
    return (top + body.replace("\n", ";\r\n")).removesuffix("\r\n").encode()


@sample("sipri_tiv_pairs", "tiv_pairs_1950_2021.csv")
def tiv_pairs(rng: Random) -> bytes:
    rows = [
        {
            "supplier": a,
            "recipient": b,
            "year": y,
            "value": rng.randrange(1, 900),
            "supplier_cown": 365,
            "recipient_cown": "" if b == "NATO**" else 710,
            "supplier_lon": 14.14,
            "supplier_lat": 47.59,
            "recipient_lon": 104.1,
            "recipient_lat": 36.5,
        }
        for a, b in (("Russia", "China"), ("Ukraine", "China"), ("France", "NATO**"))
        for y in range(2015, 2021)
    ]
    return table("sipri_tiv_pairs/tiv_pairs_1950_2021.csv", rows)


def _losses(source: str, name: str, commit: str, days: tuple[str, ...]) -> None:
    @sample(source, name)
    def losses(rng: Random) -> bytes:
        rows = []
        for day in days:
            for side in ("Russia", "Ukraine"):
                for kind in ("Tanks", "Infantry Fighting Vehicles", "Aircraft"):
                    counts = {
                        s: rng.randrange(200)
                        for s in ("destroyed", "abandoned", "captured", "damaged")
                    }
                    rows.append(
                        {
                            "date": day,
                            commit: "0123456789ab",
                            "country": side,
                            "equipment_type": kind,
                            **counts,
                            "type_total": sum(counts.values()),
                        }
                    )
        return table(f"{source}/{name}", rows, end=CRLF)


_losses(
    "oryx_totals",
    "totals_by_type_history.csv",
    "commit",
    ("2022-03-28", "2022-03-29", "2023-02-05"),
)
_losses(
    "oryx_totals_later",
    "totals_by_type_2025-10_2026-10.csv",
    "leedrake5_commit",
    ("2025-10-01", "2026-10-01"),
)


@sample("portwatch_chokepoints", "chokepoint_monthly.csv")
def portwatch(rng: Random) -> bytes:
    rows = []
    kinds = ("container", "dry_bulk", "general_cargo", "roro")
    for n, (slug, name) in enumerate(
        (("hormuz", "Strait of Hormuz"), ("malacca", "Malacca Strait"))
    ):
        for month, days in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 17)):
            counts = {k: rng.randrange(10, 900) for k in kinds}
            tankers, cargo = rng.randrange(10, 900), sum(counts.values())
            loads = {k: rng.randrange(10**5, 10**7) for k in (*kinds, "tanker")}
            rows.append(
                {
                    "period_dt": f"2023-{month:02}-01",
                    "chokepoint_slug": slug,
                    "portid": f"chokepoint{n}",
                    "portname": name,
                    **{f"n_{k}": v for k, v in counts.items()},
                    "n_tanker": tankers,
                    "n_cargo": cargo,
                    "n_total": cargo + tankers,
                    **{f"capacity_{k}": v for k, v in loads.items()},
                    "capacity_cargo": sum(loads[k] for k in kinds),
                    "capacity": sum(loads.values()),
                    "n_days": days,
                }
            )
    return table("portwatch_chokepoints/chokepoint_monthly.csv", rows)


def _attacks(rng: Random, name: str) -> bytes:
    rows = []
    for n in range(14):
        day = dt.date(2025, 3, 20) - dt.timedelta(days=n)
        mixed = n % 5 == 0
        launched = float(rng.randrange(10, 90))
        rows.append(
            {
                "time_start": f"{day} 18:00",
                "time_end": f"{day + dt.timedelta(days=1)} 8:30",
                "model": "X-101/X-555 and Kalibr" if mixed else "Shahed-136/131",
                "launch_place": "Primorsko-Akhtarsk and Kursk oblast",
                "target": "Ukraine",
                "launched": launched,
                "destroyed": launched - 5,
                "border_crossing": "{}",
                "launched_details": str({"X-101/X-555": int(launched) - 4, "Kalibr": 4})
                if mixed
                else "",
                "destroyed_details": "{'south': 11, 'west': 3, 'east': NaN}",
                "source": f"example/posts/{n}",
            }
        )
    return table(f"missile_attacks/{name}", rows)


for _name in ("missile_attacks_daily_to_2026-02-08.csv", "missile_attacks_daily_to_2026-06-07.csv"):
    sample("missile_attacks", _name)(partial(_attacks, name=_name))


@sample("missiles_and_uavs", "missiles_and_uavs.csv")
def models(rng: Random) -> bytes:
    rows = [
        {
            "model": f"Example-{n}",
            "category": ("UAV", "cruise missile")[n % 2],
            "national_origin": "russia",
            "type": "reconnaissance",
            "launch_platform": "",
            "designer": "made up, for tests",
        }
        for n in range(10)
    ]
    return table("missiles_and_uavs/missiles_and_uavs.csv", rows)


def _days(first: dt.date, more: Any, days: int = 12) -> bytes:
    out = []
    for n in range(days):
        day = first + dt.timedelta(days=n)
        out.append({"date": str(day), "day": (day - dt.date(2022, 2, 24)).days + 1, **more(n)})
    return json.dumps(out, indent=4).encode()


@sample("ua_general_staff", "russia_losses_equipment.json")
def staff_equipment(rng: Random) -> bytes:
    """The names of two columns changed on the first of May 2022."""
    every = [
        "aircraft",
        "helicopter",
        "tank",
        "APC",
        "field artillery",
        "MRL",
        "drone",
        "naval ship",
        "anti-aircraft warfare",
    ]

    def day(n: int) -> dict[str, Any]:
        vehicles = (
            {"military auto": 900 + n, "fuel tank": 60}
            if n < 6
            else {"vehicles and fuel tanks": 970 + n}
        )
        return {name: 100 * k + n for k, name in enumerate(every, 1)} | vehicles

    return _days(dt.date(2022, 4, 25), day)


@sample("ua_general_staff", "russia_losses_personnel.json")
def staff_personnel(rng: Random) -> bytes:
    return _days(
        dt.date(2022, 2, 25),
        lambda n: {"personnel": 2800 + 90 * n, "personnel*": "about", "POW": n},
    )


@sample("ua_general_staff", "russia_losses_equipment_correction.json")
def staff_revisions(rng: Random) -> bytes:
    return _days(
        dt.date(2022, 10, 13), lambda n: {"aircraft": 0, "APC": -25 + n, "tank": 3, "personnel": -n}
    )


def _documents(topic: str, end: str) -> None:
    name = f"documents_{topic}.csv"

    @sample("documents", name)
    def documents(rng: Random) -> bytes:
        rows = [
            {
                "id": f"X{topic[0].upper()}{n:03}",
                "date": ("2021", "2022-03", "2023-05-04")[n % 3],
                "known_on": ("2023-07", "2023-06", "2023-06-05")[n % 3],
                "topic": "trade",
                "claims": "I4",
                "kind": "estimate",
                "actors": "RUS;CHN",
                "what": f"made up, with a comma, {n}",
                "figure": 10 * n,
                "unit": "% of imports",
                "low": 9 * n,
                "high": 11 * n,
                "speaks": "for",
                "why": "made up",
                "publisher": "Example Institute",
                "title": f"Page {n}",
                "url": PAGE.format(n),
                "locator": f"table {n}",
                "grade": "B2",
                "read_on": "2026-11-01",
            }
            for n in range(1, 10)
        ]
        return table(f"documents/{name}", rows, end=end)


_documents("forces", CRLF)
_documents("goods", CRLF)
_documents("politics", CRLF)


@sample("oil_pipelines", "worldmonitor_pipelines_oil_2026-04.json")
def pipelines(rng: Random) -> bytes:
    lines = {}
    for n, (first, last) in enumerate(
        (("KZ", "CN"), ("RU", "BY"), ("CN", "CN"), ("IR", "IR"), ("RU", "CN"))
    ):
        mark = (
            "v1" if n == 4 else "gem-import-v1"
        )  # a line that was written by hand stands beside the tracker's
        lines[f"example-{n}"] = {
            "id": f"example-{n}",
            "name": f"Example Line {n}",
            "operator": "Example [100.00%]",
            "commodityType": "oil",
            "fromCountry": first,
            "toCountry": last,
            "transitCountries": [],
            "capacityMbd": round(rng.uniform(0.05, 1), 4),
            "lengthKm": rng.randint(50, 900),
            "inService": 2000 * (n % 2),
            "evidence": {
                "physicalState": "flowing",
                "physicalStateSource": "gem",
                "classifierVersion": mark,
            },
        }
    return (
        json.dumps({"source": "Example", "version": "v1", "pipelines": lines}, indent=2) + "\n"
    ).encode()


@sample("portwatch_daily", "portwatch_chokepoints_daily_2019_2026-07.json.gz")
def straits_by_day(rng: Random) -> bytes:
    types = ("container", "dryBulk", "generalCargo", "roro", "tanker")
    straits = {}
    for slug, name in (("hormuz_strait", "Strait of Hormuz"), ("suez", "Suez Canal")):
        days = []
        for n in range(15):
            ships = {t: rng.randint(1, 30) for t in types}
            days.append(
                {
                    "date": str(dt.date(2024, 4, 1) + dt.timedelta(n)),
                    **ships,
                    "other": 0,
                    "total": sum(ships.values()),
                    "capTanker": 100_000 * ships["tanker"],
                }
            )
        straits[slug] = {
            "portwatchName": name,
            "rowCount": len(days),
            "missingDates": [],
            "history": days,
        }
    return (json.dumps({"schemaVersion": 1, "chokepoints": straits}, indent=2) + "\n").encode()


def _dated_facts(name: str) -> None:
    @sample("dated_facts", name)
    def facts(rng: Random) -> bytes:
        rows = [
            {
                "id": f"X{name[:5]}{n:03}",
                "a": "RUS",
                "b": "CHN",
                "date": ("2021-2025", "2022-03", "2023-05-04")[n % 3],
                "published_on": ("", "2026-06", "2026-06-05")[n % 3],
                "published_after": ("2026-01-04", "", "")[n % 3],
                "published_before": ("2026-02-03", "", "")[n % 3],
                "topic": "trade",
                "claims": "I4",
                "kind": "estimate",
                "actors": "RUS;CHN",
                "what": f"made up, with a comma, {n}",
                "figure": (f"{n}-{n + 3}", f"{n}", "")[n % 3],
                "unit": "% of imports",
                "originator": "Example Institute",
                "originator_kind": "institute",
                "publisher": "Example Institute",
                "title": f"Page {n}",
                "url": PAGE.format(n),
                "site_trust": "B",
                "modality": "estimates",
                "limit": "made up",
                "passage": "made ... up",
                "lead": "1",
                "note": "page read whole",
            }
            for n in range(1, 10)
        ]
        named = HEADERS[f"dated_facts/{name}"].split(",")
        kept = [{k: v for k, v in row.items() if k in named} for row in rows]
        return table(f"dated_facts/{name}", kept, end=CRLF)


_dated_facts("documents_pairs.csv")
_dated_facts("facts_2026.csv")


@sample("taiwan_sightings", "taiwan_mnd_daily_2025-10_2026-08-22.csv")
def taiwan(rng: Random) -> bytes:
    rows = []
    for day in range(1, 13):
        aircraft = rng.randrange(30)
        rows.append(
            {
                "date": f"2025-10-{day:02}",
                "aircraft_total": str(aircraft),
                "crossed_median": str(aircraft // 2),
                "entered_adiz": str(aircraft // 2),
                "vessels_naval": str(rng.randrange(5, 12)),
                "vessels_official": str(rng.randrange(4)),
                "map_image": f"maps/2025-10-{day:02}.jpg",
            }
        )
    return table("taiwan_sightings/taiwan_mnd_daily_2025-10_2026-08-22.csv", rows, end=CRLF)
