# SPDX-License-Identifier: Apache-2.0
"""Who owns which share of whom, and what follows from it for a listing."""
