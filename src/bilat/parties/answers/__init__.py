# SPDX-License-Identifier: Apache-2.0
"""Questions on parties, the documents that answer them, and receipts."""
