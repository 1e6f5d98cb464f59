# SPDX-License-Identifier: Apache-2.0
"""A user's first update: the publisher's list of today meets the edition that came with the package."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pyarrow.parquet as pq
import pytest
from publishers import UK_HEADER

from bilat.catalog import sources
from bilat.formats.parties.us import CSL_HEADER
from bilat.holdings import Store, embedded_folder
from bilat.holdings.acceptance import Pulled
from bilat.holdings.pull import pull

Cells = dict[str, Any]
#: When parties were listed of whom the package does not know it.
SINCE = dt.date(2026, 11, 10)
#: The part of the compilation that is not OFAC's, by the name that it has there.
AGENCIES = {
    "US EL": "Entity List (EL) - Bureau of Industry and Security",
    "US MEU": "Military End User (MEU) List - Bureau of Industry and Security",
    "US UVL": "Unverified List (UVL) - Bureau of Industry and Security",
    "US DTC": "ITAR Debarred (DTC) - State Department",
    "US ISN": "Nonproliferation Sanctions (ISN) - State Department",
    "US DPL": "Denied Persons List (DPL) - Bureau of Industry and Security",
}


@dataclass
class Stood:
    """A party as the package has it."""

    party: Cells
    names: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    listings: list[Cells] = field(default_factory=list)


def embedded(source: str, at: int = -1) -> list[Stood]:
    """The parties of an edition with the package, by default the youngest, in its order."""
    parts = [
        p
        for p in Store(embedded_folder()).parts(verify=False)
        if p.source == source and p.series == f"{source}/"
    ]
    editions = sorted(
        (p for p in parts if p.table == "parties"), key=lambda p: (p.content, p.vintage)
    )
    found: dict[str, Stood] = {}
    tables = {p.table: p.path for p in parts if p.snapshot == editions[at].snapshot}
    for row in pq.read_table(tables["parties"]).to_pylist():
        found[row["party"]] = Stood(row)
    for table, column in (("names", "name"), ("addresses", "address")):
        for row in pq.read_table(tables[table]).to_pylist() if table in tables else []:
            getattr(found[row["party"]], table).append(row[column])
    for row in pq.read_table(tables["listings"]).to_pylist():
        found[row["party"]].listings.append(row)
    return list(found.values())


def written(columns: Collection[str], rows: list[Cells], above: str = "") -> bytes:
    out = io.StringIO()
    out.write(above)
    table = csv.DictWriter(out, list(columns), restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def british(stood: list[Stood]) -> bytes:
    kinds = {"Person": "Individual", "Vessel": "Ship"}
    rows = []
    for one in stood:
        listed = one.listings[0]
        about = {
            "Unique ID": one.party["party"].removeprefix("uk-"),
            "Regime Name": listed["programme"],
            "Designation Type": kinds.get(one.party["schema"], "Entity"),
            "Sanctions Imposed": "" if "no asset" in listed["list"] else "Asset freeze",
            "Date Designated": f"{listed['listed_on']:%d/%m/%Y}" if listed["listed_on"] else "",
            "D.O.B": "",
        }
        primary = {"Name 6": one.party["name"], "Name type": "Primary Name"}
        aliases = [{"Name 6": n, "Name type": "Alias"} for n in one.names]
        places = [{**primary, "Address Line 1": a} for a in one.addresses]
        rows += [{**about, **more} for more in (primary, *aliases, *places)]
    return written(UK_HEADER.split(","), rows, "Report Date: 28-Nov-2026\n")


def european(stood: list[Stood]) -> bytes:
    out = ['<?xml version="1.0"?><export generationDate="2026-11-28T16:36:57.184+01:00">']
    for one in stood:
        number = one.party["party"].removeprefix("eu-fsf-")
        kind = "person" if one.party["schema"] == "Person" else "enterprise"
        day = one.listings[0]["listed_on"]
        out.append(f'<sanctionEntity logicalId="{number}"><subjectType code="{kind}"/>')
        for listed in one.listings:
            programme = quoteattr(listed["programme"])
            out.append(f'<regulation programme={programme} publicationDate="{day}"/>')
        for name in (one.party["name"], *one.names):
            out.append(f'<nameAlias strong="true" wholeName={quoteattr(name)}/>')
        for address in one.addresses:
            out.append(f'<address street={quoteattr(address)} countryIso2Code="RU"/>')
        for state in filter(None, (one.party["countries"] or "").split(";")):
            out.append(f'<citizenship countryIso2Code="{state}"/>')
        for number in filter(None, (one.party["identifiers"] or "").split(";")):
            value = quoteattr(number.partition(":")[2])
            out.append(f"<identification number={value}/>")
        out.append("</sanctionEntity>")
    return "".join([*out, "</export>"]).encode()


def american(stood: list[Stood]) -> bytes:
    """The compilation says where a party is in its addresses alone; its earlier full edition has
    them, and the days."""
    earlier = {one.party["party"]: one for one in embedded("us_csl", 0)}
    rows = []
    for one in stood:
        states = (one.party["countries"] or "").split(";")
        before = earlier.get(one.party["party"])
        places = before.addresses if before else [f"1 Street, {s}" for s in states if s]
        days = [e["listed_on"] for e in before.listings if e["listed_on"]] if before else []
        for n, listed in enumerate(one.listings):
            rows.append(
                {
                    "_id": f"{one.party['party']}-{n}",
                    "source": AGENCIES[listed["list"]],
                    "programs": listed["programme"] or "",
                    "name": one.party["name"],
                    "addresses": "; ".join(places),
                    "start_date": f"{min(days, default=SINCE)}",
                    "alt_names": "; ".join(one.names),
                }
            )
    return written(CSL_HEADER, rows)


#: Source -> how its publisher writes the list, and a small part that cannot leave at once.
PUBLISHERS: dict[str, tuple[Callable[[list[Stood]], bytes], str]] = {
    "uk_sanctions": (british, "Sudan"),
    "eu_financial": (european, ""),
    "us_csl": (american, "US MEU"),
}


@pytest.fixture(scope="module", params=sorted(PUBLISHERS))
def listed(request: pytest.FixtureRequest) -> tuple[str, list[Stood]]:
    return request.param, embedded(request.param)


def handed_over(source: str, body: bytes, folder: Path) -> Pulled:
    """Take in a list that was saved in a browser, as the line for a publisher that turns programs
    away says."""
    saved = folder / "list of today.csv"
    saved.write_bytes(body)
    store = Store(folder / "h")
    (done,) = pull([sources()[source]], store, mirror=saved)
    assert bool(store.entries()) == (done.status == "added")
    return done


def test_the_list_of_today_is_taken_in_beside_the_edition_of_the_package(
    listed: tuple[str, list[Stood]], tmp_path: Path
) -> None:
    source, stood = listed
    write, _ = PUBLISHERS[source]
    done = handed_over(source, write(stood[:3] + stood[7:]), tmp_path)
    assert done.status == "added", done.why
    assert any("gone" in line for line in done.changes), "what changed is told"


def test_a_small_programme_cannot_leave_the_list_of_the_package_at_once(
    listed: tuple[str, list[Stood]], tmp_path: Path
) -> None:
    source, stood = listed
    write, small = PUBLISHERS[source]
    if source == "eu_financial":
        pytest.skip("a full edition comes with the package: test_list_comparison")

    def stays(one: Stood) -> bool:
        return not any(small in f"{e['list']} {e['programme']}" for e in one.listings)

    rest = [one for one in stood if stays(one)]
    assert 0 < len(stood) - len(rest) < 0.02 * len(stood), "too few to be seen by their number"
    done = handed_over(source, write(rest), tmp_path)
    assert done.status == "quarantined", done
    assert "is gone with all its" in done.why


def test_an_older_list_with_parties_of_one_name_is_no_doubled_list(tmp_path: Path) -> None:
    """Its end lies before the edition of the package: who stands on it twice is compared all the same."""
    stood = embedded("us_csl")
    body = american(stood).replace(b"2026-11-10", b"2026-07-10")
    done = handed_over("us_csl", body, tmp_path)
    assert done.is_older, done.why
