# SPDX-License-Identifier: Apache-2.0
"""A team's folder: its markings, decisions, dissents and rows."""

from typing import TYPE_CHECKING

from bilat.registry import later

if TYPE_CHECKING:
    from bilat.sharing.own_rows import OwnRow
    from bilat.sharing.team import Team, team_folder

__all__ = ["OwnRow", "Team", "team_folder"]

if not TYPE_CHECKING:  # the folder's parts load when they are first asked for
    __getattr__ = later(__name__, {"OwnRow": "own_rows", "Team": "team", "team_folder": "team"})
