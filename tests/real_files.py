# SPDX-License-Identifier: Apache-2.0
"""Where the real source files lie: ``../shared`` beside the checkout, or $BILAT_SHARED."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("BILAT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
HERE = (SHARED / "sources" / "MANIFEST.csv").is_file()
