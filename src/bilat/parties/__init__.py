# SPDX-License-Identifier: Apache-2.0
"""Lists, names in four scripts, screening, addresses, ownership, red flags."""

from bilat.parties import listings_over_time, makers

__all__ = ["listings_over_time", "makers"]
