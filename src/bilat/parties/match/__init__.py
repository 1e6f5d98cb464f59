# SPDX-License-Identifier: Apache-2.0
"""A name against the listed names: candidates, score, probability."""
