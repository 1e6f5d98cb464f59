# SPDX-License-Identifier: Apache-2.0
"""Listed parties: read, joined across lists, what a listing means, compared over time."""
