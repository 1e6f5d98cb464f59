# SPDX-License-Identifier: Apache-2.0
"""What is on record of one party, one state, one product or one source."""
