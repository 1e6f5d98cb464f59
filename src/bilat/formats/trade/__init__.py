# SPDX-License-Identifier: Apache-2.0
"""Trade files as their publishers ship them, read into one shape.

``read(paths, work)`` tells each file's format from its header and returns ``Reports``: rows of
reporter, partner (ISO 3166-1 alpha-3), product (HS code), period (``YYYY`` or ``YYYY-MM``), flow (X
or M), value and quantity (kg). What is not sound is refused whole, with file, line, column and
cure.
"""

from __future__ import annotations

from bilat.formats.trade.files import Reports, read

__all__ = ["Reports", "read"]
