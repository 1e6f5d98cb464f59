# SPDX-License-Identifier: Apache-2.0
"""Alerts as files: workbook, CSV, Parquet and JSON lines."""
