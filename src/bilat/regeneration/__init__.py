# SPDX-License-Identifier: Apache-2.0
"""Losses, stocks, production and strikes: what Russia's forces lose, hold, make and fire."""
