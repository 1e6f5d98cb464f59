# SPDX-License-Identifier: Apache-2.0
"""Tables that the project compiled itself, fact by fact, with a page in every row."""
