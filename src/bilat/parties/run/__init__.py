# SPDX-License-Identifier: Apache-2.0
"""A file of names in, rows of alerts out."""
