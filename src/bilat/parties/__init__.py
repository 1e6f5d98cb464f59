# SPDX-License-Identifier: Apache-2.0
"""Lists, names in four scripts, screening, addresses, ownership, red flags."""
