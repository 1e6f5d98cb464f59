# SPDX-License-Identifier: Apache-2.0
"""Channels of cooperation: arms transfers, exercises, technology, components, leader and military contacts."""

from bilat.channels import arms_shares, exercise_rates, exercises, transfers

__all__ = ["arms_shares", "exercise_rates", "exercises", "transfers"]
