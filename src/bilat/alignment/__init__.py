# SPDX-License-Identifier: Apache-2.0
"""UN votes, personalisation, dependence, distrust, third countries."""
