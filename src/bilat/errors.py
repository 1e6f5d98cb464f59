# SPDX-License-Identifier: Apache-2.0
"""Errors that a person is meant to read: one clear line, and the exit code that goes with it."""

from __future__ import annotations


class BilatError(Exception):
    """Base of every error that a person is meant to read: one clear line."""

    exit_code = 1


class UsageError(BilatError, ValueError):
    """What was asked cannot be asked (exit code 2)."""

    exit_code = 2


class DataError(BilatError):
    """What is held cannot answer, or what came in is not what it should be (exit code 1)."""


class UnknownCountry(UsageError):
    """A name or code that is no country or group bilat knows."""
