# SPDX-License-Identifier: Apache-2.0
"""Channels: arms transfers, exercises, components, leader and military contacts."""
