# SPDX-License-Identifier: Apache-2.0
"""Diversion: hubs and goods through which sanctioned trade flows, estimated from trade files."""
