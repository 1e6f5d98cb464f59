# SPDX-License-Identifier: Apache-2.0
"""Reported trade: who reported what with whom, both books, baskets of goods, hubs."""
