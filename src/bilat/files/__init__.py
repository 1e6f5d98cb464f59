# SPDX-License-Identifier: Apache-2.0
"""Files: unpacked, opened without trust, and written whole or not at all."""
