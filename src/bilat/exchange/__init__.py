# SPDX-License-Identifier: Apache-2.0
"""Out and in: claims, figures, listed parties, dissents in the formats that others read."""

from bilat.exchange.frictionless import read as read_export
from bilat.exchange.gathering import gather
from bilat.exchange.parcel import Parcel
from bilat.exchange.shipping import FORMATS, write_export

__all__ = ["FORMATS", "Parcel", "gather", "read_export", "write_export"]
