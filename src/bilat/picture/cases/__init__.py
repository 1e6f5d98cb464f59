# SPDX-License-Identifier: Apache-2.0
"""Pages of the circumvention monitor: the list of routes and a page for each case."""
