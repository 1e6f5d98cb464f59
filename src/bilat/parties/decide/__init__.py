# SPDX-License-Identifier: Apache-2.0
"""Decisions of analysts and what was known when they were taken."""
