# SPDX-License-Identifier: Apache-2.0
"""Names in several scripts, brought to one form in which they can be compared."""
