# SPDX-License-Identifier: Apache-2.0
"""Goods: codes of the Harmonized System, their descriptions, and baskets of them."""
