# SPDX-License-Identifier: Apache-2.0
"""Paper: the picture as a report of four pages with an annex, and a case as a letter."""
