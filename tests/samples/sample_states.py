# SPDX-License-Identifier: Apache-2.0
"""Samples of votes, regimes, disputes, treaties and outlines."""

from __future__ import annotations

import bz2
import csv
import json
import struct
from random import Random
from typing import Any

import pyarrow.parquet as pq
from sample_writing import CRLF, sample, table

from bilat.holdings import Store, embedded_folder
from bilat.places import country_name

#: name, alpha-3, number of the Correlates of War
STATES = [
    ("United States", "USA", 2),
    ("Russia", "RUS", 365),
    ("China", "CHN", 710),
    ("India", "IND", 750),
    ("Iran", "IRN", 630),
    ("Belarus", "BLR", 370),
]
AGREEMENT = ["USAgree", "RUSSAgree", "BrazilAgree", "ChinaAgree", "IndiaAgree", "IsraelAgree"]


def _points(rng: Random, suffix: str) -> list[dict[str, Any]]:
    rows = []
    for name, code, number in STATES:
        for session in (1, 60, 72, 74):
            point = rng.uniform(-2, 2)
            at = {
                "QO": -0.6,
                "Q5": -0.3,
                "Q10": -0.2,
                "Q50": 0,
                "Q90": 0.2,
                "Q95": 0.3,
                "Q100": 0.6,
            }
            spread = {q: round(point + d, 6) for q, d in at.items()}
            rows.append(
                {
                    "ccode": number,
                    "session": session,
                    f"NVotes{suffix}": rng.randrange(30, 90),
                    f"IdealPoint{suffix}": round(point, 6),
                    **{f"{q}%{suffix}": v for q, v in spread.items()},
                    "iso3c": code,
                    "Countryname": name,
                }
            )
    return rows


def _points_2024(source: str) -> None:
    @sample(source, "IdealpointestimatesAll_Jun2024.csv")
    def points(rng: Random) -> bytes:
        """R writes numbers bare, texts quoted, and NA for what is missing."""
        rows = _points(rng, "All")
        for n, row in enumerate(rows, 1):
            row[""] = str(n)
            row |= {a: rng.choice(["NA", round(rng.random(), 7)]) for a in AGREEMENT}
        text = table(
            f"{source}/IdealpointestimatesAll_Jun2024.csv", rows, quoting=csv.QUOTE_NONNUMERIC
        )
        return text.replace(b'"NA"', b"NA")


for _source in ("un_agreement", "un_ideal_points"):
    _points_2024(_source)


@sample("un_ideal_points", "IdealpointestimatesAll_Apr2020.csv")
def points_2020(rng: Random) -> bytes:
    """This edition is in Latin-1."""
    rows = _points(rng, "")
    for n, row in enumerate(rows, 1):
        row["Row"] = n
    rows[-1]["Countryname"] = "Côte d'Example"
    text = table("un_ideal_points/IdealpointestimatesAll_Apr2020.csv", rows, end=CRLF)
    return text.decode().encode("latin-1")


@sample("un_roll_calls", "unga_rollcalls_selected_1946_2019.csv.gz")
def roll_calls(rng: Random) -> bytes:
    states = ["BY", "CN", "DE", "FR", "GB", "IN", "IR", "JP", "KP", "PK", "RU", "UA", "US", "ZA"]
    rows = [
        {
            "rcid": f"{n}.0",
            "session": "68.0",
            "date": f"2014-03-{n:02}",
            "year": 2014,
            "unres": "R/68/262" if n == 27 else f"R/68/{n}",
            **{s: rng.choice(["yes", "no", "abstain", ""]) for s in states},
        }
        for n in range(3, 28)
    ]
    return table("un_roll_calls/unga_rollcalls_selected_1946_2019.csv.gz", rows)


@sample("unga_votes_later", "unga_votes_2019_2026.csv.gz")
def later_votes(rng: Random) -> bytes:
    rows = [
        {
            "resolution": f"A/RES/{'ES-11' if n == 3 else 77}/{n}",
            "date": f"2022-12-{n:02}",
            "iso3": state,
            "vote": rng.choice("YNA"),
        }
        for n in range(1, 6)
        for state in ("BLR", "CHN", "DEU", "IND", "RUS", "UKR", "USA")
    ]
    return table(
        "unga_votes_later/unga_votes_2019_2026.csv.gz", [*rows, rows[0]], end=CRLF
    )  # the real file repeats some


@sample("unga_rollcalls_later", "unga_rollcalls_2019_2026.csv")
def later_titles(rng: Random) -> bytes:
    rows = [
        {
            "resolution": f"A/RES/{'ES-11' if n == 3 else 77}/{n}",
            "session": "ES-11" if n == 3 else 77,
            "date": f"2022-12-{n:02}",
            "title": f"Example, number {n}",
            "committee": "First Committee" if n % 2 else "",
            "yes": 4,
            "no": 2,
            "abstain": 1,
            "source_file": "data_extract/77.json",
        }
        for n in range(1, 9)
    ]
    return table("unga_rollcalls_later/unga_rollcalls_2019_2026.csv", [*rows, rows[0]], end=CRLF)


@sample("un_ukraine", "ukraine_resolutions_votes_2014_2022.js")
def ukraine(rng: Random) -> bytes:
    """The module lists all 193 members of each resolution: their votes are those of the package's rows."""
    store = Store(embedded_folder())
    part = next(p for p in store.parts() if p.source == "un_ukraine")
    held = pq.read_table(part.path).to_pylist()
    out = ["export default ["]
    for symbol in ("68/262", "ES-11/1"):
        out += [
            "  {",
            f'    code: "{symbol}",',
            '    name: "a resolution",',
            '    description: "as passed",',
        ]
        for column, vote in (
            ("approve", "yes"),
            ("against", "no"),
            ("abstain", "abstain"),
            ("absent", "absent"),
        ):
            names = sorted(
                country_name(r["country"])
                for r in held
                if r["resolution"] == f"A/RES/{symbol}" and r["vote"] == vote
            )
            quoted = ", ".join(json.dumps(n, ensure_ascii=False) for n in names)
            out += [f"    {column}: [", f"      {quoted}", "    ],"]
        out.append("  },")
    return ("\n".join([*out, "]"]) + "\n").encode()


class _R:
    """Writes the few kinds of R's XDR serialisation, version 2, that a data frame needs."""

    def __init__(self) -> None:
        self.out = bytearray(b"RDX2\nX\n" + struct.pack(">3i", 2, 0x00040002, 0x00020300))

    def whole(self, *numbers: int) -> None:
        self.out += struct.pack(f">{len(numbers)}i", *numbers)

    def word(self, text: str | None) -> None:
        raw = b"" if text is None else text.encode()
        self.whole(0x40009 if text is not None else 9, len(raw) if text is not None else -1)
        self.out += raw

    def words(self, texts: list[str | None]) -> None:
        self.whole(16, len(texts))
        for text in texts:
            self.word(text)

    def tag(self, name: str) -> None:
        self.whole(0x402, 1)
        self.word(name)


@sample("un_votes", "un_votes.rda")
def un_votes(rng: Random) -> bytes:
    """One data frame: roll call, name, code (missing for a state that has none) and vote as a factor."""
    states: list[tuple[str, str | None]] = [
        ("United States", "US"),
        ("Russia", "RU"),
        ("China", "CN"),
        ("Czechoslovakia", "CS"),
        ("Yemen Arab Republic", None),
    ]
    rows = [(call, *state, rng.randrange(1, 4)) for call in (3, 46, 5309, 5389) for state in states]
    r = _R()
    r.tag("un_votes")
    r.whole(0x313, 4)
    r.whole(14, len(rows))
    r.out += struct.pack(f">{len(rows)}d", *(row[0] for row in rows))
    r.words([row[1] for row in rows])
    r.words([row[2] for row in rows])
    r.whole(0x30D, len(rows), *(row[3] for row in rows))
    r.tag("levels")
    r.words(["yes", "abstain", "no"])
    r.tag("class")
    r.words(["factor"])
    r.whole(254)
    r.tag("names")
    r.words(["rcid", "country", "country_code", "vote"])
    r.tag("row.names")
    r.whole(13, 2, -(2**31), -len(rows))
    r.tag("class")
    r.words(["data.frame"])
    r.whole(254, 254)
    return bz2.compress(bytes(r.out))


@sample("unsc_vetoes", "unsc_vetoes_1946_sept2022.csv")
def vetoes(rng: Random) -> bytes:
    members = [
        ("USSR", "", ""),
        ("China", "", ""),
        ("Russia", "China", ""),
        ("USA", "UK", "France"),
        ("Russia", "", ""),
    ]
    flags = ["China", "France", "Russia", "USSR", "USA", "UK"]
    rows = []
    for n in range(12):
        cast = members[n % 5]
        year = (1946, 1972, 2012, 1986, 2022)[n % 5]
        rows.append(
            {
                "year": year,
                "date": f"{1 + n}/16/{year}",
                "month": 1 + n,
                "draft": f"S/{year}/{n}" if n else "",
                "meeting_record": f"S/PV.{100 + n}",
                "agenda_item": "A made-up item, as listed",
                "crisis_topic": "Ukraine" if year == 2022 else "Examplia",
                "region": "Europe",
                **{f"member_veto{k}": m for k, m in enumerate(cast, 1)},
                "single_veto": int(not cast[1]),
                "multiple_vetoes": int(bool(cast[1])),
                **{f: int(f in cast) for f in flags},
            }
        )
    return table("unsc_vetoes/unsc_vetoes_1946_sept2022.csv", rows, end=CRLF, rest=0).removesuffix(
        b"\r\n"
    )


@sample("atop", "atop5_1a.csv")
def atop(rng: Random) -> bytes:
    rows = []
    for n in range(10):
        duties = {
            d: rng.randrange(2) for d in ("defense", "offense", "neutral", "nonagg", "consul")
        }
        rows.append(
            {
                "atopid": 4000 + 5 * n,
                "begyr": 1980 + n,
                "begmo": 1 + n,
                "begday": 3,
                "bilat": int(n % 2),
                **({"endyr": 1999, "endmo": 12, "endday": 31} if n % 3 == 0 else {}),
                **duties,
                "mem1": 365,
                "mem2": 710,
                **({} if n % 2 else {"mem3": 750}),
                "version": 5.1,
            }
        )
    return table("atop/atop5_1a.csv", rows, end=CRLF)


@sample("dcad", "DCAD-v1.0-main.csv")
def dcad(rng: Random) -> bytes:
    rows = [
        {
            "ccode1": 365,
            "cowName1": "RUS",
            "ccode2": 710,
            "cowName2": "CHN",
            "signDay": (1, -77)[n % 2],
            "signMonth": (4, -77)[n % 3 == 0],
            "signYear": 1990 + n,
            "type": ("sector", "general")[n % 2],
            "category1": "DCA",
            "terminated": 0,
            "endYearEstimate": 2010 + n % 2,
            "source": "made up",
            "DCAid": f"DCADv1.0-{n:04}",
        }
        for n in range(12)
    ]
    return table("dcad/DCAD-v1.0-main.csv", rows)


def _disputes(source: str, name: str, going: str, onset: str) -> None:
    @sample(source, name)
    def disputes(rng: Random) -> bytes:
        rows: list[dict[str, Any]] = []
        for n in range(12):
            first = {
                "dispnum": f"{n}.0",
                "year": f"{1950 + n}.0",
                going: "1.0",
                onset: f"{n % 2}.0",
            }
            for a, b in ((365, 710), (710, 365)):
                starts = f"{int(a == 365)}.0"
                rows.append(
                    {
                        "ccode1": f"{a}.0",
                        "ccode2": f"{b}.0",
                        **first,
                        "sidea1": starts,
                        "orig1": starts,
                    }
                )
        return table(f"{source}/{name}", rows, rest="0.0")


_disputes("cow_disputes", "cow_mid_dirdisps.csv.gz", "dispongoing", "disponset")
_disputes("gml_disputes", "gml_mid_dirdisp.csv.gz", "midongoing", "midonset")


@sample("gwf_regimes", "gwf_all.csv.gz")
def regimes(rng: Random) -> bytes:
    rows = [
        {
            "gwf_cowcode": f"{number}.0",
            "year": f"{year}.0",
            "gwf_casename": f"{name} 1990-NA",
            "gwf_country": name,
            "gwf_regimetype": "personal" if year > 2000 and number != 2 else "",
            "gwf_nonautocracy": "" if year > 2000 and number != 2 else "democracy",
            "extended_country_name": name,
            "GWn": f"{number}.0",
            "cown": f"{number}.0",
            "in_GW_system": True,
        }
        for name, _, number in STATES[:3]
        for year in range(1996, 2006)
    ]
    return table("gwf_regimes/gwf_all.csv.gz", rows)


@sample("marquez_personalism", "marquez_personal_scores.csv.gz")
def marquez(rng: Random) -> bytes:
    rows = []
    for name, _, number in STATES:
        for year in (1990, 2000, 2010):
            z = rng.uniform(-2, 2)
            rows.append(
                {
                    "country_name": name,
                    "GWn": f"{number}.0",
                    "year": f"{year}.0",
                    "in_system": True,
                    "z1": z,
                    "se.z1": 0.5,
                    "pct975": z + 1,
                    "pct025": z - 1,
                }
            )
    return table("marquez_personalism/marquez_personal_scores.csv.gz", rows)


@sample("morgenbesser_personalism", "morgenbesser_crabtree_personalism_theta.csv")
def morgenbesser(rng: Random) -> bytes:
    rows = [
        {
            "qid": f"Q{n}",
            "leader": f"Leader {n}",
            "ccode": number,
            "iso3": code,
            "country": name,
            "start_year": 1980 + 3 * n,
            "end_year": 1982 + 3 * n,
            "theta": rng.uniform(-2, 2),
            "theta_se": 0.5,
            "theta_inst": -6.1e-17,
            "theta_cult": 0.7,
        }
        for n, (name, code, number) in enumerate(STATES * 2)
    ]
    return table("morgenbesser_personalism/morgenbesser_crabtree_personalism_theta.csv", rows)


def _vdem(source: str, name: str, row: Any, **how: Any) -> None:
    @sample(source, name)
    def index(rng: Random) -> bytes:
        rows = [row(rng, state, year) for state in STATES for year in range(2012, 2017)]
        return table(f"{source}/{name}", rows, **how)


def _bounded(rng: Random, *names: str) -> dict[str, float]:
    out = {}
    for name in names:
        value = round(rng.uniform(0.1, 0.9), 3)
        out |= {
            name: value,
            f"{name}_codelow": round(value - 0.05, 3),
            f"{name}_codehigh": round(value + 0.05, 3),
            f"{name}_sd": 0.02,
        }
    return out


_vdem(
    "vdem_constraints_v12",
    "vdem_v12_constraints_1789_2021.csv.gz",
    lambda rng, s, y: {
        "country_name": s[0],
        "year": y,
        "regime": "nan",
        "reg_info": "made up (01/01/1990 - )",
        "IDL_jconstraits": round(rng.random(), 3),
        "IDL_lconstraits": rng.choice(["", round(rng.random(), 3)]),
    },
)
_vdem(
    "vdem_constraints_v15",
    "vdem_v15_constraints_1990_2024.csv",
    lambda rng, s, y: {
        "country_code": s[1],
        "year": y,
        "v2xlg_legcon": rng.choice(["", round(rng.random(), 3)]),
        **dict.fromkeys(
            [
                "v2x_rule",
                "v2x_corr",
                "v2x_execorr",
                "v2x_pubcorr",
                "v2juhcind",
                "v2juncind",
                "v2juaccnt",
                "v2lgqugen",
                "v2x_civlib",
                "v2x_cspart",
                "v2pepwrgen",
                "v2cacamps",
                "v2xcl_acjst",
                "v2stcritrecadm",
                "v2clrspct",
            ],
            0.4,
        ),
    },
)
_vdem(
    "vdem_constraints_v9",
    "vdem_legcon_jucon_1960_2018.csv.gz",
    lambda rng, s, y: {
        "iso": s[1],
        "year": y,
        "ly": 8.46,
        "v2x_polyarchy": 0.2,
        "v2x_polyarchy_sd": 0.02,
        "v2xlg_legcon": round(rng.random(), 3),
        "v2xlg_legcon_sd": 0.0225,
        "v2x_jucon": round(rng.random(), 3),
        "v2x_jucon_sd": 0.1155,
    },
)
_vdem(
    "vdem_polyarchy_v15",
    "vdem_simple.csv.gz",
    lambda rng, s, y: {
        "vdem_country_name": s[0],
        "country_text_id": s[1],
        "country_id": "3.0",
        "year": f"{y}.0",
        "historical_date": f"{y}-12-31",
        "vdem_cowcode": f"{s[2]}.0",
        "extended_country_name": s[0],
        "in_GW_system": False,
        **_bounded(rng, "v2x_polyarchy", "v2x_libdem"),
    },
)
_vdem(
    "vdem_polyarchy_v16",
    "isard_cw_democracy.csv.gz",
    lambda rng, s, y: {
        "ccode": f"{s[2]}.0",
        "year": f"{y}.0",
        "euds": rng.random(),
        "aeuds": -rng.random(),
        "polity2": "6.0",
        "v2x_polyarchy": rng.choice(["", round(rng.random(), 3)]),
    },
)
_vdem(
    "vdem_rule_of_law_v15",
    "vdem_v15_extract_1789_2024.csv",
    lambda rng, s, y: {
        "country_name": s[0],
        "country_text_id": s[1],
        "year": y,
        "v2xel_frefair": 0,
        "v2xcl_rol": round(rng.random(), 3),
        "v2xeg_eqaccess": 0.107,
        "v2x_polyarchy": 0.028,
        "v2x_libdem": 0.044,
    },
    quoting=csv.QUOTE_NONNUMERIC,
)


@sample("natural_earth", "countries-110m.json")
def outlines(rng: Random) -> bytes:
    """Boxes on a grid; the first two share an arc, which one of them walks backwards."""
    arcs: list[list[list[int]]] = [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
    ]
    shapes: list[dict[str, Any]] = [
        {"type": "Polygon", "arcs": [[0, 1]], "id": "643", "properties": {"name": "Russia"}},
        {"type": "Polygon", "arcs": [[2, -1]], "id": "156", "properties": {"name": "China"}},
        {"type": "Polygon", "arcs": [[3]], "properties": {"name": "Kosovo"}},
        {
            "type": "MultiPolygon",
            "arcs": [[[4]], [[5]]],
            "id": "804",
            "properties": {"name": "Ukraine"},
        },
    ]
    for n in range(3):
        arcs.append([[40 + 20 * n, 40], [10, 0], [0, 10], [-10, 0], [0, -10]])
    topology = {
        "type": "Topology",
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": arcs,
        "transform": {"scale": [1.0, 1.0], "translate": [-50.0, -50.0]},
    }
    return json.dumps(topology, separators=(",", ":")).encode()


@sample("us_troops_abroad", "us_troops_country_year.csv")
def troops(rng: Random) -> bytes:
    """Permanent duty by state and year; one state without a code, which is left out."""
    rows = [
        {
            "countryname": name,
            "year": year,
            "ccode": n,
            "iso3c": code,
            "region": "Made up",
            "troops_ad": rng.randint(50, 9000),
        }
        for n, (name, code) in enumerate(
            (("Germany", "DEU"), ("Japan", "JPN"), ("Korea", "KOR"), ("Aden", "NA"))
        )
        for year in range(2018, 2025)
    ]
    return table("us_troops_abroad/us_troops_country_year.csv", rows, rest=0)
