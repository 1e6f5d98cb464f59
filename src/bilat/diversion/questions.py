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
    """Find where sanctioned goods are diverted: which hubs buy what the target lost, from when, and
    in which goods.

    Your trade file is combined with bilat's own export data: what a hub sold on is matched with
    what the EU sold it.
    """

    verb = ("divert",)
    title = "Rank routes"
    examples = (
        command("divert"),
        command("divert", "trade.csv", origin="EU27", since="2022-03", out="cases.json"),
        command("divert", basket="chpl", parties="consignments.xlsx"),
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
        "Trade files in any format listed in docs/diversion.md. Without a file: the built-in EU "
        "exports, or Armenia's car trade with `origin` USA,JPN,DEU and `since` 2022.",
    ] = ()
    origin: Annotated[
        str,
        Written(what="STATES"),
        "EU27, COALITION, ISO codes joined by commas, or ANY (everyone who sells to the reporting "
        "hubs). Default: COALITION, or EU27 without files.",
    ] = ""
    target: Annotated[
        str, Written(what="STATE,..."), "Where the goods end up: RUS, or RUS,BLR as one market."
    ] = "RUS"
    since: Annotated[str, Written(what="PERIOD"), "When sanctions began: YYYY-MM or YYYY."] = (
        "2022-03"
    )
    until: Annotated[
        str, Written(what="PERIOD"), "Last period to examine; by default the last we have."
    ] = ""
    window: Annotated[
        int, Range(1, 20), Written(what="YEARS"), "Years before that date to compare with."
    ] = 3
    basket: Annotated[
        str,
        OrFile(_known_baskets),
        Written(what="NAME"),
        "Goods to examine: chpl, chpl:1 (one tier), eu-sanctioned, civilian, HS codes "
        "(8542,848210), a TOML file, or all (the default).",
    ] = ""
    hub: Annotated[
        tuple[str, ...],
        Written(what="STATE,..."),
        "Examine only these hubs: KGZ, or ARE,ARM.",
    ] = ()
    limit: Annotated[int, Range(1, 1_000_000), Written(what="N"), "Most rows to show."] = 1000
    cases: Annotated[
        int,
        Range(0, 1000),
        Written(what="N"),
        "How many of the largest findings get a page of their own.",
    ] = 20
    only_file: Annotated[bool, "Use only your files, without bilat's own data."] = False
    parties: Annotated[
        Path | None,
        Written(what="FILE"),
        "Rank every consignee and end user of your file (name, state, HS code) by the chance that "
        "its goods are a route or that it is listed.",
    ] = None
    memory: Annotated[
        str,
        Local(),
        Written(what="SIZE"),
        "Memory DuckDB may use before it writes to disk: 700MB, 4GB.",
    ] = "700MB"
    threads: Annotated[
        int,
        Local(),
        Range(0, 1024),
        Written(what="N"),
        "Number of DuckDB threads; 0 uses all cores.",
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
            limit=None if self.parties is not None else self.limit,
            cases=self.cases,
            holdings=frame.holdings,
            as_of=frame.as_of,
            only_file=self.only_file,
        )
        if self.parties is not None:
            from bilat.diversion.consignees import with_consignees

            found = with_consignees(found, self.parties, frame, self.limit)
        return document(found, self)
