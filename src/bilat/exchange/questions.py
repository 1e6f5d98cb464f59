# SPDX-License-Identifier: Apache-2.0
"""Commands of exchange: what leaves for others' tools, and what another team's export contains."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from bilat.document import Column, Document, Frame, Question, Say, Table
from bilat.document.fields import Written
from bilat.errors import UsageError, command
from bilat.units.notation import count_text

if TYPE_CHECKING:
    from bilat.exchange.parcel import Parcel


@dataclass(frozen=True)
class ExportQuestion(Question):
    """Export claims, figures, listed parties and dissents for other software, leaving out what is
    marked above the limit."""

    verb = ("write", "export")
    title = "Export"
    examples = (
        command("write", "export", out="parcel"),
        command("write", "export", to="ftm", out="parties"),
    )
    pair = True
    served = False
    options = ("as_of", "as_json", "holdings")
    to: Annotated[str, Written(what="FORMAT"), "frictionless, ftm or stix."] = "frictionless"
    marking: Annotated[
        str,
        Written(what="MARKING"),
        "Leave out everything marked above this: TLP:GREEN REL EST POL.",
    ] = "TLP:CLEAR"
    out: Annotated[Path, Written(what="PLACE"), "A folder."] = Path("export")
    lists: Annotated[
        tuple[str, ...],
        Written(what="LIST"),
        "Export the parties on this list. May be given more than once; by default all for ftm, "
        "otherwise none.",
    ] = ()
    measures: Annotated[
        tuple[str, ...],
        Written(what="NAME", option="measure"),
        "Export the figures of this measure. May be given more than once; by default those in "
        "the claims.",
    ] = ()
    folder: Annotated[
        Path | None,
        Written(what="DIR", option="team"),
        "The team's folder; by default $BILAT_TEAM, or next to the holdings.",
    ] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.exchange.collection import PARTS, gather
        from bilat.exchange.export import FORMATS, check_format, write_export
        from bilat.handling import Marking
        from bilat.sharing.team import team_of

        carried = FORMATS[check_format(self.to)]
        with_parties = bool(self.lists) or self.to == "ftm"
        parts = [p for p in PARTS if p in carried]
        parcel = gather(
            frame.dyad,
            frame.as_of,
            frame.holdings,
            Marking.parse(self.marking),
            team=team_of(self.folder),
            parts=[p for p in parts if p != "parties" or with_parties],
            lists=list(self.lists) or None,
            names=self.measures,
        )
        files = write_export(parcel, self.to, self.out)
        count = _counts(parcel, carried)
        rows = tuple((f.stat().st_size, str(f)) for f in files)
        table = Table((Column("bytes", ",.0f"), Column("file")), rows)
        data = {"marking": self.marking, "files": [str(f) for f in files], **count}
        title = f"{parcel.marking}: {_written(count)}"
        return Document("export", title, (), (table,), data=data)


@dataclass(frozen=True)
class ImportQuestion(Question):
    """Show what another team's export contains, or add its dissents, decisions and rows to your
    own folder."""

    verb = ("team", "import")
    title = "Import"
    examples = (command("team", "import", "parcel", into="our"),)
    served = False
    options = ("as_json",)
    needs = ("place",)
    place: Annotated[
        Path | None, Written(first=True, what="FOLDER"), "A folder that was exported."
    ] = None
    into: Annotated[
        Path | None, Written(what="DIR"), "A team's folder, to which anything new is added."
    ] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.exchange.export import FORMATS
        from bilat.exchange.frictionless import read
        from bilat.exchange.parcel_import import ImportReport, import_parcel

        if self.place is None:
            raise UsageError("name the folder that was exported")
        parcel = read(self.place)
        report = ImportReport((), ())
        if self.into is not None:
            report = import_parcel(parcel, self.into)
        count = _counts(parcel, FORMATS["frictionless"])
        title = f"{self.place}: {_written(count)}; as of {parcel.as_of}, {parcel.marking}"
        blocks = (
            *(Say(line) for line in report.added),
            *(Say(line, "warning") for line in report.left_out),
        )
        return Document("import", title, (), blocks, data=parcel)


def _counts(parcel: Parcel, parts: tuple[str, ...]) -> dict[str, int]:
    """How many entries a parcel has of each part that is not empty."""
    sizes: dict[str, Sized] = {part: getattr(parcel, part) for part in parts}
    return {part: len(entries) for part, entries in sizes.items() if entries}


def _written(count: dict[str, int]) -> str:
    return ", ".join(count_text(n, part) for part, n in count.items()) or "nothing"
