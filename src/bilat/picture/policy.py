# SPDX-License-Identifier: Apache-2.0
"""The content-security policy of every page: it runs its own scripts and no other, and fetches from nowhere else.

Scripts are files beside the page, or are named by their hash; a script that a publisher's text brings in, or an
address ``javascript:``, does not run, whatever the escaping let through. Styles may stand inside, for drawings have their
own. Reference: W3C, Content Security Policy Level 3 (2024), 2.3.1 source lists and 6.7.3 hashes.
"""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup


def policy(*inline: str) -> Markup:
    """The value of the header, or of the meta element; ``inline`` are the page's own inline scripts, byte for byte."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in inline
    ]
    scripts = " ".join(hashes or ["'self'"])
    # No part of it comes from a record: it needs no escaping in an attribute.
    return Markup(
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'"
    )
