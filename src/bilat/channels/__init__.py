# SPDX-License-Identifier: Apache-2.0
"""Channels: arms transfers, exercises, technology, components, leader and military contacts."""

from bilat.channels import (
    arms_roles,
    arms_shares,
    components,
    contacts,
    exercise_partners,
    exercise_rates,
    exercise_reach,
    exercises,
    technology,
    transfers,
)

__all__ = [
    "arms_roles",
    "arms_shares",
    "components",
    "contacts",
    "exercise_partners",
    "exercise_rates",
    "exercise_reach",
    "exercises",
    "technology",
    "transfers",
]
