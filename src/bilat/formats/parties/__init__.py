# SPDX-License-Identifier: Apache-2.0
"""Lists of parties in their true formats, each read into the same typed record."""

from bilat.formats.parties.record import Address, Identifier, Link, ListedParty, Listing, Name

__all__ = ["Address", "Identifier", "Link", "ListedParty", "Listing", "Name"]
