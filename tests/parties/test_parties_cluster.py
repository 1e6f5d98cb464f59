# SPDX-License-Identifier: Apache-2.0
"""On Spark the index is broadcast and partitions are mapped; the rows are those of one machine."""

import csv
import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from missing_parts import need

from bilat.parties.answers.screen import screen


@pytest.mark.cluster
def test_spark_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need(importlib.util.find_spec("pyspark") is not None, "pyspark")
    need(shutil.which("java") is not None, "Java")
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    listed = tmp_path / "mine.jsonl"
    parties = [
        {"id": f"p{n}", "schema": "Company", "names": [f"{w} Plant JSC"]}
        for n, w in enumerate(("Alfa", "Beta", "Gamma"))
    ]
    listed.write_text("\n".join(map(json.dumps, parties)), "utf-8")
    queries = tmp_path / "q.csv"
    with queries.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["query_id", "name"])
        writer.writerows(
            [
                [f"q{n % 40}", ("АО Завод Альфа", "Beta Plant", "Гамма", "")[n % 4]]
                for n in range(90)
            ]
        )
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    one = screen(queries, lists=[str(listed)], out=here, threshold=0)
    many = screen(queries, lists=[str(listed)], out=there, engine="local[2]", threshold=0)
    assert there.read_bytes() == here.read_bytes()
    assert (many.queries, many.rows) == (one.queries, one.rows) and one.rows > 0
