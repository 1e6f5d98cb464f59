# SPDX-License-Identifier: Apache-2.0
"""The receipt of a screening: each part that is changed is found, and what cannot be told is not called sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bilat.cli import application
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings
from bilat.parties.answers.receipt import is_sealed_by, read_receipt, sealed
from bilat.when import AsOf

KEY = b"0123456789abcdef"
LISTED = '{"id": "a1", "schema": "Company", "names": ["Obskura Handel GmbH"], "list": "ours"}\n'


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(application(), [str(w) for w in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file screened against a list of one party, with its alerts and a sealed receipt."""
    (tmp_path / "ours.jsonl").write_text(LISTED, "utf-8")
    (tmp_path / "names.csv").write_text("name\nObskura Handel GmbH\nBaeckerei Kroll\n", "utf-8")
    (tmp_path / "team.key").write_bytes(KEY + b"\n")
    done = run(
        *("screen", tmp_path / "names.csv", "--lists", tmp_path / "ours.jsonl"),
        *("--out", tmp_path / "alerts.csv", "--receipt", tmp_path / "receipt.json"),
        *("--key", tmp_path / "team.key"),
    )
    assert done.exit_code == 0, done.output
    return tmp_path


def parts(folder: Path, *more: str | Path) -> dict[str, str]:
    done = run("verify", folder / "receipt.json", "--json", *more)
    checks = json.loads(done.stdout)["data"]["checks"]
    assert done.exit_code == (1 if any(c["holds"] == "no" for c in checks) else 0)
    return {c["part"]: c["holds"] for c in checks}


def test_a_receipt_says_what_was_screened_and_holds(folder: Path) -> None:
    receipt = read_receipt(folder / "receipt.json")
    assert receipt["screened"] == 2 and receipt["names"]["file"] == "names.csv"  # type: ignore[index, call-overload]
    assert "ofac_sdn" in receipt["not_stored"]  # type: ignore[operator]
    found = parts(folder, "--key", folder / "team.key")
    assert [found[p] for p in ("the seal", "names.csv", "alerts.csv")] == ["yes"] * 3


@pytest.mark.parametrize("file", ["names.csv", "alerts.csv"])
def test_a_changed_file_is_found_and_a_missing_one_is_not_called_sound(
    folder: Path, file: str
) -> None:
    with (folder / file).open("a", encoding="utf-8") as handle:
        handle.write("x\n")
    assert parts(folder, "--key", folder / "team.key")[file] == "no"
    (folder / file).unlink()
    assert parts(folder, "--key", folder / "team.key")[file] == "unknown"


def test_a_changed_receipt_and_another_key_are_told_apart(folder: Path) -> None:
    path = folder / "receipt.json"
    other = folder / "other.key"
    other.write_bytes(b"another key of a team")
    assert parts(folder, "--key", other)["the seal"] == "no"
    assert parts(folder)["the seal"] == "unknown"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"screened": 2', '"screened": 3'), "utf-8")
    assert parts(folder, "--key", folder / "team.key")["the seal"] == "no"
    bare = json.loads(text)
    del bare["seal"]
    path.write_text(json.dumps(bare), "utf-8")
    assert parts(folder, "--key", folder / "team.key")["the seal"] == "no"
    assert parts(folder)["the seal"] == "unknown"


def test_every_value_of_a_receipt_is_under_its_seal(folder: Path) -> None:
    receipt = read_receipt(folder / "receipt.json")
    for name in receipt:
        if name != "seal":
            assert not is_sealed_by({**receipt, name: "changed"}, KEY), name


def test_what_is_no_receipt_or_key_is_one_line(folder: Path) -> None:
    with pytest.raises(DataError, match="is not a receipt"):
        read_receipt(folder / "names.csv")
    with pytest.raises(UsageError, match="at least 16"):
        sealed({"schema": "x"}, b"short")
    done = run("screen", "VTB", "--key", folder / "team.key")
    assert done.exit_code != 0


def test_the_receipt_and_the_screen_date_each_stored_list_alike(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name\nBaeckerei Kroll\n", "utf-8")
    receipt = tmp_path / "receipt.json"
    done = run("screen", tmp_path / "names.csv", "--receipt", receipt, "--json")
    assert done.exit_code == 0, done.output
    ages = {x["list"]: x for x in json.loads(done.stdout)["data"]["list_ages"] if x["parties"]}
    lists = {str(x["list"]): x for x in read_receipt(receipt)["lists"]}  # type: ignore[union-attr, index, call-overload]
    checks = json.loads(run("verify", receipt, "--json").stdout)["data"]["checks"]
    told = {c["part"]: c["why"] for c in checks}
    assert lists.keys() == ages.keys()
    for name, age in ages.items():
        # A companion file of descriptions is no later edition of the list.
        assert max(age["content_to"], age["stated"]) <= lists[name]["edition"], name
        assert lists[name]["content_to"] == age["content_to"], name
        for day in (lists[name]["edition"], age["content_to"]):
            assert day in told[name], name


def test_a_file_that_only_describes_the_listed_makes_no_list_newer() -> None:
    holdings = Holdings()
    found = holdings.freshness("ofac_sdn", "parties", AsOf())
    with_listings = [
        e["vintage"]
        for e in holdings.entries()
        if e["source"] == "ofac_sdn" and "listings" in e["tables"]
    ]
    assert found.stated == max(with_listings)
