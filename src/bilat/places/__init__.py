# SPDX-License-Identifier: Apache-2.0
"""Countries, groups and coalitions, and the codes that publishers write for them."""

from bilat.places.countries import (
    alpha2,
    country,
    country_name,
    country_or_none,
    numeric,
    spoken_name,
)

__all__ = ["alpha2", "country", "country_name", "country_or_none", "numeric", "spoken_name"]
