# SPDX-License-Identifier: Apache-2.0
"""What each publisher answers, in its own form and with made-up parties and figures, and a server that gives it."""

import base64
import csv
import datetime as dt
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl

from bilat.catalog import Source, source

UK_HEADER = (
    (Path(__file__).parents[1] / "parties/samples/UK-Sanctions-List.csv")
    .read_text("utf-8")
    .split("\n")[1]
)
SAMPLES = Path(__file__).parents[1] / "samples"
#: Answers that break off are longer than the 64 KiB which are written at once.
LONG = "TRADING " * 12
#: (day of the edition, parties from, parties to) -> address's end -> answer
Bodies = Callable[[str, int, int], dict[str, bytes]]


def sdn(day: str, first: int, last: int, file: str = "SDN") -> dict[str, bytes]:
    def joined(rows: list[str]) -> bytes:
        return ("\r\n".join(rows) + "\r\n\x1a").encode()

    parties = range(1001 + first, 1001 + last)
    programme = ["RUSSIA-EO14024", "IRAN"]
    made = {
        f"{file}.CSV": joined(
            [
                f'{n},"MADE UP TRADING {n}",-0- ,"{programme[n % 2]}",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Tax ID No. '
                f'77{n:08} (Russia); Linked To: OTHER."'
                for n in parties
            ]
        ),
        f"{file.replace('PRIM', '').rstrip('_') or 'SDN'}_COMMENTS.CSV": joined(
            [f'{1001 + first},"; Registration ID 1027700132195 (Russia)."']
        ),
    }
    made["ALT.CSV" if file == "SDN" else "CONS_ALT.CSV"] = joined(
        [f'{n},{n + 9},"aka","MUT {n} {LONG}",-0- ' for n in parties]
    )
    if file == "SDN":
        made["ADD.CSV"] = joined(
            [f'{n},{n + 5},"1 Made Up Street, {LONG}","Moscow","Russia",-0- ' for n in parties]
        )
    return made


def csl(day: str, first: int, last: int) -> dict[str, bytes]:
    header = "_id,source,entity_number,type,programs,name,title,addresses,start_date,alt_names"
    rows = [
        f"made{n:08},Entity List (EL) - Bureau of Industry and Security,,Entity,,MADE UP WORKS {n},,"
        f'"1 Street, Moscow, RU",2024-01-02,MUW {n}'
        for n in range(first, last)
    ]
    return {"consolidated.csv": "\n".join([header, *rows, ""]).encode()}


def un(day: str, first: int, last: int) -> dict[str, bytes]:
    entities = "".join(
        f"<ENTITY><DATAID>{690000 + n}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>MADE UP TRADING {n}</FIRST_NAME>"
        f"<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.{n:03}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2016-03-02</LISTED_ON>"
        # Parts that the UN added between February and August 2026.
        "<HAS_INTERPOL_LINK>NO</HAS_INTERPOL_LINK><INTERPOL_LINK></INTERPOL_LINK>"
        f"<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>MUT {n}</ALIAS_NAME>"
        "</ENTITY_ALIAS><ENTITY_ADDRESS><COUNTRY>Iran</COUNTRY></ENTITY_ADDRESS></ENTITY>"
        for n in range(first, last)
    )
    return {
        "consolidated.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{day}T04:00:00.000Z">'
            f"<INDIVIDUALS></INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
        ).encode()
    }


def uk(day: str, first: int, last: int) -> dict[str, bytes]:
    columns = UK_HEADER.split(",")
    rows = []
    for n in range(first, last):
        cells = {
            "Unique ID": f"RUS{n:04}",
            "Name 6": f"MADE UP TRADING {n}",
            "Name type": "Primary Name",
            "Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019",
            "Designation Type": "Entity",
            "Sanctions Imposed": "Asset freeze",
            "Address Country": "Russia",
            "Date Designated": "24/02/2022",
        }
        for name in (f"MADE UP TRADING {n}", f"MUT {n}"):
            cells |= {"Name 6": name, "Name type": "Alias" if "MUT" in name else "Primary Name"}
            rows.append(",".join(cells.get(c, "") for c in columns))
    date = dt.date.fromisoformat(day).strftime("%d-%b-%Y")
    return {
        "UK-Sanctions-List.csv": "\n".join([f"Report Date: {date}", UK_HEADER, *rows, ""]).encode()
    }


def eu(day: str, first: int, last: int) -> dict[str, bytes]:
    entities = "".join(
        f'<sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.{n}" logicalId="{n}">'
        f'<regulation publicationDate="2022-04-08" numberTitle="2022/9" programme="UKR" logicalId="1"/>'
        f'<subjectType code="enterprise" classificationCode="E"/>'
        f'<nameAlias wholeName="MADE UP TRADING {n}" nameLanguage="EN" strong="true" logicalId="2"/>'
        f'<nameAlias wholeName="MUT {n}" nameLanguage="" strong="true" logicalId="3"/>'
        f'<citizenship countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>'
        f'<identification number="77{n:08}" identificationTypeDescription="Tax id"/>'
        f'<address city="Moscow" street="1 Street" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>'
        "</sanctionEntity>"
        for n in range(first, last)
    )
    return {
        "content": (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" '
            f'generationDate="{day}T16:47:04.449+02:00" globalFileId="1">{entities}</export>'
        ).encode()
    }


def seco(day: str, first: int, last: int) -> dict[str, bytes]:
    targets = "".join(
        f'<target ssid="{n}" sanctions-set-id="12"><entity ssid="{n + 5000}"><identity ssid="{n + 7000}" main="true">'
        f'<name ssid="1" name-type="primary-name"><name-part ssid="2" order="1" name-part-type="whole-name">'
        f'<value>MADE UP TRADING {n}</value><spelling-variant lang="rus" script="Cyrl">ТОРГ {n}</spelling-variant>'
        "</name-part></name>"
        f'<nationality ssid="9"><country iso-code="RU">Russia</country></nationality><address ssid="8" place-id="500">'
        f'<address-details>1 Street</address-details></address><identification-document ssid="7" document-type="other">'
        f'<number>77{n}</number></identification-document></identity></entity><modification modification-type="listed" '
        'effective-date="2022-03-04"/></target>'
        for n in range(first, last)
    )
    return {
        "downloadXmlGesamtliste.xhtml": (
            f'<?xml version="1.0" encoding="UTF-8"?><swiss-sanctions-list list-type="whole-list" date="{day}">'
            '<sanctions-program ssid="1"><program-key lang="eng">Ukraine</program-key><sanctions-set lang="eng" '
            f'ssid="12">Annex 8</sanctions-set></sanctions-program>{targets}<place ssid="500">'
            '<location>Moscow</location><country iso-code="RU">Russia</country></place>'
            "</swiss-sanctions-list>"
        ).encode()
    }


def losses(day: str, first: int, last: int) -> dict[str, bytes]:
    start = dt.date(2022, 2, 24)
    days = [(start + dt.timedelta(n), n + 1) for n in range(2 + first, 2 + last)]
    kinds = (
        "tank",
        "APC",
        "aircraft",
        "helicopter",
        "field artillery",
        "MRL",
        "drone",
        "naval ship",
    )
    about = [{"date": str(d), "day": n} for d, n in days]
    return {
        "russia_losses_equipment.json": json.dumps(
            [a | {k: 3 * a["day"] for k in kinds} for a in about]
        ).encode(),
        "russia_losses_personnel.json": json.dumps(
            [a | {"personnel": 90 * a["day"]} for a in about]
        ).encode(),
        "russia_losses_equipment_correction.json": json.dumps(
            [a | {"tank": -1} for a in about]
        ).encode(),
    }


def portwatch(day: str, first: int, last: int) -> dict[str, bytes]:
    """In pages of ten days."""
    start = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
    made = {}
    for page in range(first // 10, (last + 9) // 10):
        numbers = range(page * 10, min(page * 10 + 10, last))
        features = [
            {
                "attributes": {
                    "date": int((start + dt.timedelta(n)).timestamp() * 1000),
                    "portname": "Strait of Hormuz",
                    "n_tanker": 40 + n % 3,
                    "n_total": 90,
                    "capacity_tanker": 2_000_000 + n,
                }
            }
            for n in numbers
        ]
        more = {"exceededTransferLimit": True} if numbers.stop < last else {}
        made[f"query?resultOffset={page * 10}"] = json.dumps(
            {**more, "features": features}
        ).encode()
    return made


def sipri(day: str, first: int, last: int) -> dict[str, bytes]:
    """The register as text in a field of JSON, as the service sends it."""
    said = dt.date.fromisoformat(day).strftime("%d %b %Y")
    above = ["Transfers of major conventional arms: made up", *[f"Line {n}" for n in range(2, 11)]]
    header = (
        "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
        "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,"
        "Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production"
    )
    rows = [
        f"{60000 + n},Russia,China,Type-{n},made-up weapon,Aircraft,2000,Yes,1,No,2001,No,New,1.5,1.5,{n + 1},No"
        for n in range(first, last)
    ]
    text = "\n".join([*above, f"Data generated: {said} 9:16:02 AM", header, *rows, ""])
    wrapped = {"bytes": base64.b64encode(text.encode("cp1252")).decode()}
    return {"": json.dumps(wrapped).encode()}


def japan(day: str, first: int, last: int) -> dict[str, bytes]:
    """A page with a link, whose name bears the day, to the workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "21.ロシア(団体)"
    sheet.append(["告示日付", "告示番号", "日本語表記", "英語表記", "別名", "所在地"])
    for n in range(first, last):
        names = [f"メイドアップ {n}", f"MADE UP TRADING {n}", f"MUT {n}"]
        street = hashlib.sha512(str(n).encode()).hexdigest()  # it does not pack: answers are long
        sheet.append(["2022.3.1", str(n + 1), *names, f"{street} Street, Moscow"])
    out = io.BytesIO()
    book.save(out)
    name = f"shisantouketsu{day.replace('-', '')}.xlsx"
    return {"list.html": f'<a href="{name}">x</a>'.encode(), name: out.getvalue()}


def australia(day: str, first: int, last: int) -> dict[str, bytes]:
    book = openpyxl.Workbook()
    columns = "Reference|Name of Individual or Entity|Type|Name Type|Alias Strength"
    columns += "|Listing Information|IMO Number|Committees|Control Date|Address"
    book.active.append(columns.split("|"))
    listed_on = dt.datetime(2024, 2, 24)
    for n in range(1 + first, 1 + last):
        street = hashlib.sha512(str(n).encode()).hexdigest()  # it does not pack: answers are long
        rest = [None, "Instrument 2024", None, "Autonomous (Russia)", listed_on, street]
        book.active.append([n, f"MADE UP WORKS {n}", "Entity", "Primary Name", *rest])
    out = io.BytesIO()
    book.save(out)
    return {"Australian_Sanctions_Consolidated_List.xlsx": out.getvalue()}


def canada(day: str, first: int, last: int) -> dict[str, bytes]:
    def named(n: int) -> str:
        if n % 5 == 0:  # some in every edition are persons
            return f"<GivenName>Made</GivenName><LastName>Up {n}</LastName>"
        return f"<EntityOrShip>MADE UP WORKS {n}</EntityOrShip>"

    records = "".join(
        f"<record><Country>Russia / Russie</Country>{named(n)}"
        f"<Schedule>1, Part 2</Schedule><Item>{n}</Item><DateOfListing>2024-02-24</DateOfListing>"
        f"</record>"
        for n in range(first, last)
    )
    text = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><data-set>{records}</data-set>'
    return {"sema-lmes.xml": text.encode()}


def table_like_sample(name: str, row: int = 0, /, **cells: Callable[[int], str]) -> Bodies:
    """What a repository that keeps a table sends: rows like one of the made-up sample.

    ``cells``: what tells a row's number, by the name of the column with _ for a blank.
    """

    def made(day: str, first: int, last: int) -> dict[str, bytes]:
        one = source(name)
        paths = {f.series: f.path for f in one.files}
        answers = {}
        for current in one.current:
            sample = SAMPLES / name / Path(paths[current.series]).name
            lines = csv.DictReader(sample.read_text("utf-8-sig").splitlines())
            like = [*lines][row]
            out = io.StringIO()
            table = csv.DictWriter(out, [*like], lineterminator="\n")
            table.writeheader()
            for n in range(first, last):
                told = {column.replace("_", " "): cell(n) for column, cell in cells.items()}
                told |= {column: cell(n) for column, cell in cells.items() if column in like}
                table.writerow({c: told.get(c, value) for c, value in like.items()})
            answers[current.url.rsplit("/", 1)[-1]] = out.getvalue().encode()
        return answers

    return made


def trading(n: int) -> str:
    return f"MADE UP TRADING {n}"


def short(n: int) -> str:
    return f"MUT {n} {LONG}"


def pipelines(day: str, first: int, last: int) -> dict[str, bytes]:
    (sample,) = (SAMPLES / "oil_pipelines").glob("*.json")
    told = json.loads(sample.read_text("utf-8"))
    like = next(iter(told["pipelines"].values()))
    lines = {
        f"line-{n}": {**like, "id": f"line-{n}", "name": f"Line {n}"} for n in range(first, last)
    }
    return {"pipelines-oil.json": json.dumps({**told, "pipelines": lines}).encode()}


def ministry_posts(day: str, first: int, last: int) -> dict[str, bytes]:
    """Posts of a foreign ministry: a call with a minister of Fiji on every third day."""
    begin = dt.date(2026, 1, 1)
    posts = [
        {
            "t": "🇷🇺 🇫🇯 📞 foreign minister ivan example had a telephone conversation with foreign "
            "minister of fiji jone sample",
            "d": str(begin + dt.timedelta(days=3 * n)),
            "s": "",
            "cat": "",
        }
        for n in range(first, last)
    ]
    return {"2026.json": json.dumps(posts).encode()}


def day_after(n: int) -> str:
    return (dt.date(2025, 10, 1) + dt.timedelta(days=n)).isoformat()


#: Source -> what its publisher answers.
def troops(day: str, first: int, last: int) -> dict[str, bytes]:
    """Troops in one year, a made-up state a row."""
    rows = [
        f"Land {n},2020,{n},Q{n:02},Europe & Central Asia,{1000 + n}" for n in range(first, last)
    ]
    header = "countryname,year,ccode,iso3c,region,troops_ad"
    return {"troopdata-rebuild-country-year.csv": "\n".join([header, *rows, ""]).encode()}


def oryx(day: str, first: int, last: int) -> dict[str, bytes]:
    """The copy of yesterday, which is the newest: that of today is not there yet."""
    return oryx_of(dt.date.today() - dt.timedelta(days=1), last)


def oryx_of(when: dt.date, more: int) -> dict[str, bytes]:
    """The copy of a day, in the form of the publisher's, with so many tanks more."""
    classes = (
        *("All Types", "Tanks", "Infantry Fighting Vehicles", "Towed Artillery", "Aircraft"),
        "Losses of Armoured Combat Vehicles [Tanks, AFVs] - 14179, of which: destroyed: 11199",
        *("Surface-To-Air Missile Systems\n", "Radars", "Helicopters", "Naval Ships"),
        *("Trucks and similar vehicles", "Infantry Mobility Vehicles", "Anti-Aircraft Guns"),
    )
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    columns = ("country", "equipment_type", "destroyed", "abandoned", "captured", "damaged")
    rows.writerow(["", *columns, "type_total", "row_id", "Date"])
    for number, country in enumerate(("Russia", "Ukraine")):
        for n, name in enumerate(classes):
            counts = (100 + more + n, 10, 5, 2)
            place = str(number * len(classes) + n + 1)
            rows.writerow([place, country, name, *counts, sum(counts), n + 1, str(when)])
    return {f"{when}.csv": out.getvalue().encode()}


VDEM = source("vdem_country_year").current[0].options["columns"].split()


def vdem(day: str, first: int, last: int) -> dict[str, bytes]:
    """An archive with one table of many columns, of which few are read, and the codebook."""
    return {"V-Dem-CY-Full+Others-v16.csv.zip": archive_of(vdem_table(first, last))}


def vdem_table(first: int, last: int) -> str:
    """Years of Russia in columns that stand in another order than they are read in."""
    others = [f"v2made_{n}" for n in range(200)]
    header = [*others, "country_name", *reversed(VDEM)]
    out = io.StringIO()
    rows = csv.DictWriter(out, header, restval="NA", lineterminator="\n")
    rows.writeheader()
    for n in range(first, last):
        figures = dict.fromkeys(VDEM, f"0.{n:03}")
        place = {"country_name": 'Russia, "made up"', "country_text_id": "RUS", "year": 1900 + n}
        rows.writerow({**figures, **place})
    return out.getvalue()


def archive_of(*tables: str | bytes) -> bytes:
    """A zip archive of tables and a codebook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, text in enumerate(tables):
            archive.writestr(f"table-{n}.csv", text)
        archive.writestr("codebook.pdf", "%PDF-1.4")
    return out.getvalue()


ANSWERS: dict[str, Bodies] = {
    "cn_countermeasures": table_like_sample("cn_countermeasures", Name=trading, Alias=short),
    "eu_russia": table_like_sample("eu_russia", 1, recordId=str, name=trading, alias=short),
    "gur_components": table_like_sample(
        "gur_components", component_id=lambda n: f"gur-{n}", name_marking=lambda n: f"Relay {n}"
    ),
    "ministry_contacts": ministry_posts,
    "oil_pipelines": pipelines,
    "taiwan_sightings": table_like_sample("taiwan_sightings", date=day_after),
    "ua_war_sanctions": table_like_sample(
        "ua_war_sanctions", 0, id=lambda n: f"NK-made{n}", name=trading, aliases=short
    ),
    "us_1260h": table_like_sample("us_1260h", 1, Name=trading, Clean_Name=trading, Alias=short),
    "us_1286": table_like_sample("us_1286", name=trading, aliases=short),
    "us_mieu": table_like_sample("us_mieu", Name=trading, Alias=short),
    "au_dfat": australia,
    "ca_sema": canada,
    "ofac_sdn": sdn,
    "ofac_consolidated": lambda *a: sdn(*a, file="CONS_PRIM"),
    "us_csl": csl,
    "un_sc": un,
    "uk_sanctions": uk,
    "eu_financial": eu,
    "ch_seco": seco,
    "ua_general_staff": losses,
    "portwatch_daily": portwatch,
    "sipri_register": sipri,
    "jp_mof": japan,
    "oryx_daily": oryx,
    "us_troops_abroad": troops,
    "vdem_country_year": vdem,
}


@dataclass
class Publisher:
    """A publisher on loopback: its answers by the address's end, and how it misbehaves."""

    answers: dict[str, bytes] = field(default_factory=dict)
    way: str = "well"
    asked: list[tuple[str, str]] = field(default_factory=list)  #: (path, Range or condition)
    url: str = ""

    def at(self, name: str, rows: int = 10) -> Source:
        """A source of the catalog whose addresses lie here."""
        one = source(name)

        def here(url: str) -> str:
            end = url.rsplit("/", 1)[-1]
            return (
                f"{self.url}/query?resultOffset={{offset}}"
                if "{offset}" in end
                else f"{self.url}/{end.split('?')[0]}"
            )

        return one.model_copy(
            update={
                "current": [
                    c.model_copy(
                        update={
                            "url": here(c.url),
                            "more": [here(m) for m in c.more],
                            "min_rows": rows,
                            "page": min(c.page, 10),
                        }
                    )
                    for c in one.current
                ]
            }
        )


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A publisher that answers until the block ends."""
    one = Publisher()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            end = self.path.rsplit("/", 1)[-1]
            body = one.answers.get(end)
            one.asked.append(
                (end, self.headers.get("Range") or self.headers.get("If-None-Match") or "")
            )
            if body is None or one.way == "gone":
                self.send_error(404)
                return
            mark = f'"{hash(body)}"'
            if one.way == "loop":
                self.send_response(302)
                self.send_header("Location", f"{self.path}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if one.way == "page":
                body = b"<!DOCTYPE html><html><body>We have moved</body></html>\n"
            status, start = 200, 0
            if one.way != "page" and self.headers.get("If-None-Match") == mark:
                status, body = 304, b""
            elif (asked := self.headers.get("Range", "")) and self.headers.get("If-Range") == mark:
                status, start = 206, int(asked.removeprefix("bytes=").split("-")[0])
            self.send_response(status)
            self.send_header("ETag", mark)
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            rest = body[start:]
            cut = one.way == "cut" and status == 200 and len(rest) > 100
            self.send_header(
                "Content-Length",
                str(len(rest) + (50 if one.way == "long" and status == 200 else 0)),
            )
            self.end_headers()
            step = len(rest) // 5 + 1
            for at in range(0, len(rest) // 2 if cut else len(rest), step):
                self.wfile.write(rest[at : at + step])
                if one.way == "slow":
                    self.wfile.flush()
                    threading.Event().wait(0.02)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
