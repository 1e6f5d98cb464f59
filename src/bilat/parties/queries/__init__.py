# SPDX-License-Identifier: Apache-2.0
"""Queries: the names to screen, typed or read from files, with columns by meaning."""
