# SPDX-License-Identifier: Apache-2.0
"""Listed parties indexed, queries matched with them, and the alerts that follow."""
