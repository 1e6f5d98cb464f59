# SPDX-License-Identifier: Apache-2.0
"""The backfill of Europe: what to order when the United States takes its part away."""
