# SPDX-License-Identifier: Apache-2.0
"""What may be asked of the monitor. The search loads when the question is answered, so that help
stays quick."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bilat.document import Document, Frame, Question
from bilat.document.blocks import SitePage
from bilat.document.fields import Local, OrFile, Range, Written
from bilat.errors import command


def _known_baskets() -> tuple[str, ...]:
    from bilat.goods.baskets import NAMES

    return (*NAMES, "all")


@dataclass(frozen=True)
class DivertQuestion(Question):
    """Where sanctioned trade goes round: hubs that buy what the target lost, since when, and the
    goods by amount at stake.

    A file of trade is read beside the exports that bilat holds: what a hub sold on joins what the
    EU sold it.
    """

    verb = ("divert",)
    title = "Rank routes"
    examples = (
        command("divert"),
        command("divert", "trade.csv", origin="EU27", since="2022-03", basket="chpl"),
        command("divert", basket="chpl", parties="consignees.xlsx"),
    )
    file = (
        ".csv",
        ".tsv",
        ".txt",
        ".json",
        ".parquet",
        ".pq",
        ".xlsx",
        ".gz",
        ".zip",
        ".dat",
    )
    slow = True
    needs = ("files",)
    page = SitePage("monitor", "Evasion", 1, {"limit": 300})
    files: Annotated[
        tuple[Path, ...],
        Written(first=True, what="FILE"),
        "Trade files in any of the formats of docs/diversion.md; none: the embedded EU "
        "exports, or with the origins USA,JPN,DEU since 2022 Armenia's cars.",
    ] = ()
    origin: Annotated[
        str,
        Written(what="STATES"),
        "EU27, COALITION, ISO codes joined by commas, or ANY: whoever sells to the hubs that "
        "report. COALITION; without files EU27.",
    ] = ""
    target: Annotated[
        str, Written(what="STATE,..."), "Where the goods end: RUS, or RUS,BLR as one market."
    ] = "RUS"
    since: Annotated[str, Written(what="PERIOD"), "The break: YYYY-MM or YYYY."] = "2022-03"
    until: Annotated[str, Written(what="PERIOD"), "The last period looked at; the last held."] = ""
    window: Annotated[
        int, Range(1, 20), Written(what="YEARS"), "Years of baseline before the break."
    ] = 3
    basket: Annotated[
        str,
        OrFile(_known_baskets),
        Written(what="NAME"),
        "chpl, chpl:1 (one tier), eu-sanctioned, civilian, HS codes (8542,848210), a TOML "
        "file, or all; every product.",
    ] = ""
    hub: Annotated[tuple[str, ...], Written(what="STATE"), "Only this hub; repeatable."] = ()
    limit: Annotated[int, Range(1, 1_000_000), Written(what="N"), "Rows of the list."] = 1000
    cases: Annotated[
        int,
        Range(0, 1000),
        Written(what="N"),
        "Goods with most at stake that get a case: months, legs, what else could explain them.",
    ] = 20
    only_file: Annotated[bool, "Read the files alone, without what bilat holds beside them."] = (
        False
    )
    parties: Annotated[
        Path | None,
        Written(what="FILE"),
        "Your consignees (name, state, HS code): ranked by hub, goods and how likely each is "
        "listed.",
    ] = None
    memory: Annotated[
        str, Local(), Written(what="SIZE"), "DuckDB's memory before it spills to disk: 700MB, 4GB."
    ] = "700MB"
    threads: Annotated[
        int, Local(), Range(0, 1024), Written(what="N"), "DuckDB's threads; 0: all cores."
    ] = 0

    def answer(self, frame: Frame) -> Document:
        from bilat.diversion.document import document
        from bilat.diversion.search import divert

        found = divert(
            self.files,
            origin=self.origin or ("COALITION" if self.files else "EU27"),
            target=self.target,
            since=self.since,
            until=self.until or None,
            basket_name=self.basket or None,
            hubs=self.hub or None,
            memory=self.memory,
            threads=self.threads or None,
            window=self.window,
            limit=self.limit,
            cases=self.cases,
            holdings=frame.holdings,
            as_of=frame.as_of,
            only_file=self.only_file,
        )
        if self.parties is not None:
            from bilat.diversion.consignees import with_consignees

            found = with_consignees(found, self.parties, frame)
        return document(found, self)
