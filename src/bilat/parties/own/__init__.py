# SPDX-License-Identifier: Apache-2.0
"""Who holds what share of whom, and what follows from it."""
