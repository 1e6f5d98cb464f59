# SPDX-License-Identifier: Apache-2.0
"""Channels: arms transfers, exercises, technology, components, leader and military contacts."""
