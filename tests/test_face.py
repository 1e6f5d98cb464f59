# SPDX-License-Identifier: Apache-2.0
"""The public face: what it offers, that it is typed, and that it stays light."""

import subprocess
import sys
from pathlib import Path

import pytest

import bilat

FACE = {
    "AsOf",
    "BilatError",
    "DataError",
    "Dyad",
    "Holdings",
    "Measurement",
    "Period",
    "Point",
    "UsageError",
    "ask",
    "brief",
    "claims",
    "divert",
    "measure",
    "measures",
    "plot",
    "screen",
}


def test_the_face_offers_what_it_names_and_nothing_else() -> None:
    assert set(bilat.__all__) == set(dir(bilat)) & FACE == FACE
    for name in FACE:
        assert callable(getattr(bilat, name)) or name == "measures", name
    with pytest.warns(DeprecationWarning, match=r"bilat\.ask now; .* until 30 June 2027"):
        assert bilat.measure is bilat.ask


def test_names_of_measures_are_reached_from_the_face() -> None:
    code = (
        "import bilat; m = bilat.measures.transfers.tiv('RUS-CHN').plot(since=2014); "
        "print(min(p.period for p in m.series.points))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "2014", done.stderr


def test_an_editor_sees_the_types(tmp_path: Path) -> None:
    script = tmp_path / "face.py"
    script.write_text(
        "import bilat\n"
        + "".join(
            f"reveal_type(bilat.{name})\n"
            for name in ("ask", "claims", "brief", "divert", "screen", "plot")
        )
        + "bilat.misspelt\n"
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--ignore-missing-imports",
            "--follow-imports=silent",
            str(script),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"MYPYPATH": str(Path(bilat.__file__).parents[1]), "PATH": ""},
    )
    revealed = [line for line in ran.stdout.splitlines() if "Revealed type" in line]
    assert len(revealed) == 6 and not [
        line for line in revealed if '"Any"' in line or '"builtins.object"' in line
    ]
    assert 'has no attribute "misspelt"' in ran.stdout, ran.stdout


@pytest.mark.parametrize(
    "words", ["import bilat", "import bilat.cli; bilat.cli.contents()"], ids=str
)
def test_neither_the_face_nor_the_first_page_of_help_loads_an_engine(words: str) -> None:
    heavy = ["duckdb", "pyarrow", "numpy", "scipy", "pandas", "pydantic", "rapidfuzz", "jinja2"]
    code = f"{words}\nimport sys; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
        == "[]"
    )
