# SPDX-License-Identifier: Apache-2.0
"""Files as their publishers ship them, read into rows: trade and lists of parties."""
