# SPDX-License-Identifier: Apache-2.0
"""Recovery of forces: stocks in grades, calibrated to published points, carried to a ceasefire and
beyond.
"""
