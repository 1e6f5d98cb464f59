# SPDX-License-Identifier: Apache-2.0
"""The plans and what foresees, as pages of the site."""
