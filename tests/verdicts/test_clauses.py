# SPDX-License-Identifier: Apache-2.0
"""A clause says what its document says: its figures, its speaker, its limit."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.catalog import source
from bilat.errors import DataError
from bilat.holdings.build import build
from bilat.measures import default_holdings
from bilat.verdicts.clause_check import check_clauses, refuse_unsupported
from bilat.verdicts.clauses import fault, may_lead, render
from bilat.verdicts.evidence import documents, read_table
from bilat.verdicts.ledger import Cited, Claim, ledger
from bilat.when import AsOf

NOW = AsOf(None)
ROW = {
    "document": "d1",
    "period": "2024-03",
    "what": "Up to 40 percent of payments came back.",
    "figure": 40.0,
    "low": None,
    "high": None,
    "unit": "% of payments",
    "grade": "B2",
    "actor": "Reuters",
    "asserts": "reports",
    "limit": "up to",
}
SOUND = "{says} that {limit} {figure:count}% of payments came back in 2024"


def test_a_sound_clause_is_filled_from_the_row() -> None:
    assert not fault(SOUND, ROW) and may_lead(SOUND, ROW)
    assert render(SOUND, ROW) == "Reuters reported that up to 40% of payments came back in 2024"


def test_a_clause_may_print_the_number_of_a_row_that_it_names() -> None:
    earlier = ROW | {"document": "d2", "period": "2019", "what": "Some came back.", "figure": None}
    say = f"{SOUND}, and some in 2019"
    assert "2019 is not in the row" in fault(say, ROW)
    assert not fault(say, ROW, earlier)
    two = [
        Cited(id="d1", speaks="for", why="w", on=dt.date(2026, 1, 1), say=say, prints=("d2",)),
        Cited(id="d2", speaks="for", why="w", on=dt.date(2026, 1, 1)),
    ]
    refuse_unsupported([claim_of(None, *two)], {"d1": ROW | {"url": "a"}, "d2": earlier})


LOOSE = [
    ("{says} that 41% of payments came back", "41 is not in the row"),
    ("{says} that twelve banks refused", "12 is not in the row"),
    ("{figure:count}% of payments came back", "must say so"),
    ("{says} that {low:count}% came back", "has no low"),
]


@pytest.mark.parametrize(("say", "why"), LOOSE)
def test_a_clause_that_says_more_than_its_row_is_refused_by_name(say: str, why: str) -> None:
    assert why in fault(say, ROW)
    cited = Cited(id="d1", speaks="for", why="w", on=dt.date(2026, 1, 1), say=say)
    claim = Claim(id="X1", section="s", chapter="war", claim="c", needs="n", documents=[cited])
    with pytest.raises(DataError) as caught:
        refuse_unsupported([claim], {"d1": ROW})
    text = str(caught.value)
    assert "claim X1" in text and "d1" in text and why in text and "document_readings.csv" in text


def test_a_clause_may_name_the_month_in_which_its_document_became_public() -> None:
    say = SOUND + ", it wrote in {published}"
    day = dt.date(2024, 3, 19)
    dated = ROW | {"public_from": day, "public_to": day}
    assert not fault(say, dated) and render(say, dated).endswith("wrote in March 2024")
    vague = dated | {"public_to": dt.date(2024, 5, 1)}
    assert "published" in fault(say, vague) and "published" in fault(say, ROW)


def test_a_clause_without_the_limit_does_not_lead() -> None:
    bare = "{says} that {figure:count}% of payments came back"
    assert not fault(bare, ROW) and not may_lead(bare, ROW)
    assert may_lead(bare, ROW | {"limit": None})
    assert not may_lead(SOUND, ROW | {"grade": "D2"})


@given(st.integers(0, 10**7))
def test_a_number_that_the_row_lacks_is_found_however_it_is_written(number: int) -> None:
    in_row = number in (40, 2024, 3)
    assert bool(fault(f"{{says}} that {number:,} came back", ROW)) != in_row


def test_every_clause_of_the_ledger_says_what_its_document_says_and_may_lead() -> None:
    held = documents(AsOf(None), default_holdings())
    refuse_unsupported(ledger(), held)
    for claim in ledger():
        for cited in claim.documents:
            if cited.say:
                assert may_lead(cited.say, held[cited.id]), f"{claim.id}: {cited.id}"


def test_holdings_in_which_a_clause_says_too_much_are_not_built(tmp_path, mirror) -> None:
    """The ledger cites facts of 2026, so holdings without them are refused, and nothing is left."""
    out = tmp_path / "holdings"
    with pytest.raises(DataError, match="cites a document that we do not have"):
        list(build([source("documents")], mirror, out, verify=check_clauses))
    assert not out.exists()


def test_a_document_that_stands_twice_is_refused_by_name(tmp_path) -> None:
    """Two rows of one document: which of them is told would depend on the order of files."""
    folder = tmp_path / "tables" / "documents"
    folder.mkdir(parents=True)
    row = {"document": "d1", "publisher": "Reuters", "locator": "line 3"}
    pq.write_table(pa.Table.from_pylist([row]), folder / "a.parquet")
    pq.write_table(pa.Table.from_pylist([{**row, "locator": "line 8"}]), folder / "b.parquet")
    with pytest.raises(DataError) as caught:
        check_clauses(tmp_path)
    text = str(caught.value)
    assert "d1" in text and "b.parquet" in text and "line 8" in text and "Reuters" in text


def test_no_document_of_the_package_stands_twice() -> None:
    names = [d["document"] for d in read_table("documents", "document", NOW, default_holdings())]
    assert len(names) == len(set(names))


def claim_of(cause: dt.date | None = None, *documents: Cited) -> Claim:
    return Claim(
        id="X1",
        section="s",
        chapter="war",
        claim="c",
        needs="n",
        cause=cause,
        documents=list(documents),
    )


@pytest.mark.parametrize(
    ("speaks", "agreed", "refused"),
    [
        ("for", "", False),
        ("for", "2019-01", True),
        ("against", "2019-01", True),
        ("neither", "2019-01", False),
        ("for", "2022-03", False),
    ],
)
def test_what_was_agreed_before_the_cause_speaks_for_no_side(
    speaks: str, agreed: str, refused: bool
) -> None:
    """A delivery of 2024 under a contract of 2019 is no fruit of what began in 2022."""
    cited = Cited(id="d1", speaks=speaks, why="w", on=dt.date(2026, 1, 1), agreed=agreed)  # type: ignore[arg-type]
    asked = claim_of(dt.date(2022, 2, 24), cited)
    if not refused:
        refuse_unsupported([asked], {"d1": ROW})
        return
    with pytest.raises(DataError, match=r"d1.* was agreed by 2019-01-31, before 2022-02-24"):
        refuse_unsupported([asked], {"d1": ROW})
    refuse_unsupported([asked.model_copy(update={"cause": None})], {"d1": ROW})


def test_a_clause_that_leaves_out_the_other_side_of_its_own_page_is_refused() -> None:
    day = dt.date(2026, 1, 1)
    page = {"url": "https://example.org/a", "originator_kind": "press"}
    held = {"d1": ROW | page, "d2": ROW | page | {"document": "d2"}}
    contrary = Cited(id="d1", speaks="against", why="w", on=day, say=SOUND)
    other = Cited(id="d2", speaks="for", why="w", on=day)
    with pytest.raises(DataError, match=r"d1.* is against the claim, and d2 on the same page"):
        refuse_unsupported([claim_of(None, contrary, other)], held)
    for told in ({"disputed_by": ("d2",)}, {"prints": ("d2",)}, {"say": ""}, {"part": "another"}):
        refuse_unsupported([claim_of(None, contrary.model_copy(update=told), other)], held)
    for kind in ({"asserts": "denies"}, {"originator_kind": "register"}, {"url": "elsewhere"}):
        refuse_unsupported([claim_of(None, contrary, other)], held | {"d1": held["d1"] | kind})
