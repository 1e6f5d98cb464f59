# SPDX-License-Identifier: Apache-2.0
"""The stored records as commands: pull, update, check, rebuild, build, plan a download."""
