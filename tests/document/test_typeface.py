# SPDX-License-Identifier: Apache-2.0
"""One typeface ships for pages, SVG, PNG and PDF, and none of the machine is needed."""

import base64
import io
import re
import subprocess
import sys
import unicodedata
import zlib
from pathlib import Path

import pytest

from bilat.document import Document, Point, Series, fragment, typeface
from bilat.document.chart import NARROW, WIDE, standalone, svg
from bilat.document.page import document_page, style_sheet
from bilat.document.plot import Plot
from bilat.units import quantity

TIV = quantity("million TIV")
POINTS = (Point("2021", 3.0), Point("2022", 7.0), Point("2023", 41.0))
#: What a world without fonts of the system is to the programs that draw.
NO_FONTS = '<?xml version="1.0"?><fontconfig></fontconfig>'
DRAW = """
import sys
from bilat.document import Point, Series
from bilat.document.plot import Plot
from bilat.units import quantity
points = (Point("2021", 3.0), Point("2022", 7.0), Point("2023", 41.0))
Plot(Series(sys.argv[1], quantity("million TIV"), points, source="SIPRI")).save(sys.argv[2])
"""
PRESS = """
import sys
from pathlib import Path
from bilat.document import Document, Point, Series
from bilat.report.press import pdf
from bilat.units import quantity
points = (Point("2021", 3.0), Point("2022", 7.0), Point("2023", 41.0))
series = Series(sys.argv[1], quantity("million TIV"), points, source="SIPRI")
Path(sys.argv[2]).write_bytes(pdf(Document("t", sys.argv[1], ("Łódź, Москва.",), (series,))))
"""


def chart(title: str) -> Series:
    return Series(title, TIV, POINTS, source="SIPRI")


def made_without_fonts(code: str, title: str, target: Path) -> bytes:
    """What a program writes where the system has no font."""
    settings = target.with_name("no-fonts.conf")
    settings.write_text(NO_FONTS)
    line = [sys.executable, "-c", code, title, str(target)]
    environment = {"FONTCONFIG_FILE": str(settings), "PYTHONPATH": ":".join(sys.path)}
    subprocess.run(line, check=True, env=environment)
    return target.read_bytes()


def test_it_weighs_a_hundred_kilobytes() -> None:
    fonts = [p for p in typeface.FOLDER.iterdir() if p.suffix in (".otf", ".woff2")]
    assert len(fonts) == 4
    assert sum(len(zlib.compress(p.read_bytes(), 9)) for p in fonts) < 105_000
    assert "SIL OPEN FONT LICENSE" in (typeface.FOLDER / "OFL.txt").read_text("utf-8")


def test_a_png_is_the_same_with_and_without_fonts_of_the_system(tmp_path: Path) -> None:
    bare = made_without_fonts(DRAW, "Arms to Москва and Łódź", tmp_path / "bare.png")
    here = Plot(chart("Arms to Москва and Łódź")).save(tmp_path / "here.png").read_bytes()
    assert bare == here


def test_each_letter_of_a_png_is_drawn_with_its_own_form(tmp_path: Path) -> None:
    """A box in the place of a letter would make words of the same length the same picture."""
    drawn = {
        title: made_without_fonts(DRAW, title, tmp_path / "a.png")
        for title in ("Arms", "Amrs", "Жук", "Жку", " ")
    }
    assert len({*drawn.values()}) == 5


def test_a_pdf_has_the_shipped_typeface_alone(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    made = made_without_fonts(PRESS, "Arms deliveries", tmp_path / "a.pdf")
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"Inter-Regular-Identity-H", "Inter-SemiBold-Identity-H"}
    text = unicodedata.normalize("NFC", pages[0].extract_text())
    assert "Arms deliveries" in text and "Łódź, Москва." in text


def test_a_chart_that_is_saved_carries_its_letters(tmp_path: Path) -> None:
    text = Plot(chart("Arms")).save(tmp_path / "a.svg").read_text("utf-8")
    fonts = re.findall(r"url\(\"data:font/woff2;base64,([^\"]+)\"\)", text)
    assert [base64.b64decode(font)[:4] for font in fonts] == [b"wOF2", b"wOF2"]
    assert f'font-family="{typeface.FAMILY}"' in text
    assert "font-face" not in standalone(chart("Arms"))


def test_a_page_has_the_typeface_once_and_asks_no_other_place_for_it() -> None:
    page = document_page(Document("t", "T", (), (chart("A"), chart("B"))))
    assert page.count("data:font/woff2") == 2 and ".otf" not in page
    assert "font-src 'self' data:" in page
    assert "http" not in style_sheet(has_files=True)
    assert style_sheet(has_files=True).count(".otf") == 2
    assert "font-face" not in fragment(Document("t", "T", (), (chart("A"),)))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_words_at_the_end_of_lines_stay_in_the_drawing(size: object) -> None:
    names = ("Wagner mercenaries of the MMMM", "iiiii lllll", "Côte d’Ivoire", "Россия", "中国")
    points = [Point(year, 1e6, group=name) for name in names for year in ("2020", "2021")]
    series = Series("Many", TIV, tuple(points), source="SIPRI")
    made = svg(series, size)  # type: ignore[arg-type]
    ends = re.findall(r'<text x="([\d.]+)"[^>]*>([^<]*)(?:<tspan[^>]*>([^<]*)</tspan>)?', made)
    for x, words, value in ends:
        if value:
            end = float(x) + typeface.width(words) + typeface.width(value, bold=True)
            assert end <= size.width  # type: ignore[attr-defined]


def test_words_that_are_cut_fit_and_those_that_fit_are_not_cut() -> None:
    assert typeface.shortened("Kazakhstan", 200) == "Kazakhstan"
    cut = typeface.shortened("Kazakhstan", 40)
    assert cut.endswith("…") and 20 < typeface.width(cut) <= 40
    assert typeface.width("MMMM") > 2 * typeface.width("iiii")
    assert typeface.width("12", bold=True) > typeface.width("12")
    assert typeface.width("中国") == 24


def test_lines_keep_every_word_and_stay_within_their_room() -> None:
    title = "China supplied what the West cut off; Russia and China train together more often"
    broken = typeface.lines(title, 300, 20, bold=True)
    assert " ".join(broken) == title and len(broken) > 1
    assert all(typeface.width(line, 20, bold=True) <= 300 for line in broken)
