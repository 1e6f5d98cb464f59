# SPDX-License-Identifier: Apache-2.0
"""Out and in: claims, figures, listed parties, dissents in the formats that others read."""

from typing import TYPE_CHECKING

from bilat.registry import later

if TYPE_CHECKING:
    from bilat.exchange.collection import gather
    from bilat.exchange.export import FORMATS, write_export
    from bilat.exchange.frictionless import read as read_export
    from bilat.exchange.parcel import Parcel

__all__ = ["FORMATS", "Parcel", "gather", "read_export", "write_export"]

if not TYPE_CHECKING:  # the formats load when they are first asked for
    __getattr__ = later(
        __name__,
        {
            "FORMATS": "export",
            "Parcel": "parcel",
            "gather": "collection",
            "read_export": "frictionless:read",
            "write_export": "export",
        },
    )
