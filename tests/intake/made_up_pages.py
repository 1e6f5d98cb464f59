# SPDX-License-Identifier: Apache-2.0
"""Pages made up for the tests, and a PDF with and without text."""

import io

TITLE = "Chip flows to Russia slow, Hong Kong remains a hub"
BODY = (
    "Shipments of semiconductors and other restricted goods through China and Hong Kong to Russia "
    "fell by a fifth this year, the US Commerce Department told Example News.",
    "Transshipment of common high priority items through Hong Kong fell 28 percent between January "
    "and May, while mainland Chinese exports of chips to Russia fell 19 percent.",
    "Officials said that sanctions evasion goes on: firms are set up within days, and the chips of "
    "Western makers are sold on to buyers in Russia.",
)
HTML = f"""<!doctype html><html><head><title>{TITLE} | Example News</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2024-07-21T09:00:00Z">
<link rel="canonical" href="https://news.example.org/chip-flows?x=1">
<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "A. Writer"}}}}</script>
<style>p {{ color: red }}</style></head><body><nav><a href="/">Home</a></nav><h1>{TITLE}</h1>
{"".join(f"<p>{p}</p>" for p in BODY)}<footer>Russia, China: all the news that there is today</footer>
<script>var tracker = "the Kremlin";</script></body></html>"""
TEXT = "\n\n".join([TITLE, "July 21, 2024", *BODY])


def pdf(*lines: str) -> bytes:
    """Return a PDF of one page with lines of text; without any it is as a scan is."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    stream = f"BT /F1 10 Tf 12 TL 40 800 Td {shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(Chip flows)/CreationDate(D:20240722090000Z)>>",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s endobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    trailer = b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF"
    out.write(trailer % (len(objects) + 1, table))
    return out.getvalue()


def pdf_lines() -> list[str]:
    """Return the body broken into lines, as a PDF has it."""
    words = " ".join(BODY).split()
    return [" ".join(words[i : i + 12]) for i in range(0, len(words), 12)]
