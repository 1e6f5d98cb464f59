# SPDX-License-Identifier: Apache-2.0
"""Decisions of analysts: the log, and the rows that an earlier decision reaches."""
