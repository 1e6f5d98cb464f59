# SPDX-License-Identifier: Apache-2.0
"""Contingencies: energy by sea and overland, a blockade, exposure to sanctions, the enablers to
replace.
"""
