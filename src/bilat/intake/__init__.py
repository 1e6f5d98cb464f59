# SPDX-License-Identifier: Apache-2.0
"""Read a page: which claims it bears on and where, what is stored, and the row a person signs."""

from bilat.registry import later

__getattr__ = later(__name__, {"ClaimModel": "relevance", "Page": "page", "read_page": "page"})

__all__ = ["ClaimModel", "Page", "read_page"]
