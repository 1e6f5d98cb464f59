# SPDX-License-Identifier: Apache-2.0
"""Units: money and physical units of energy."""
