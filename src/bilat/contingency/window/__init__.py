# SPDX-License-Identifier: Apache-2.0
"""The window: when Russia is back, what Europe has replaced, and how long China's oil would last,
in one picture.
"""
