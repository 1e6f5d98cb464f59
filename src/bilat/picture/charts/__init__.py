# SPDX-License-Identifier: Apache-2.0
"""Charts: Vega-Lite as plain data, small drawings as SVG."""
