# SPDX-License-Identifier: Apache-2.0
"""The picture: what readers see, in a terminal, as a site that opens from disk, and in a notebook."""

from __future__ import annotations

from bilat.picture.brief import brief
from bilat.picture.picture import Picture

__all__ = ["Picture", "brief"]
