# SPDX-License-Identifier: Apache-2.0
"""The one place that knows where the real source files lie: $BILAT_SHARED, or ``../shared`` beside the checkout."""

import os
from pathlib import Path

#: Somebody named the folder: what is missing in it is a failure then, and no reason to skip.
NAMED = "BILAT_SHARED" in os.environ
SHARED = Path(os.environ.get("BILAT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
HERE = (SHARED / "sources" / "MANIFEST.csv").is_file()
