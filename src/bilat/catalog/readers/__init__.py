# SPDX-License-Identifier: Apache-2.0
"""One reader for each true format."""
