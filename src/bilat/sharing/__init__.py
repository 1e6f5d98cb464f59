# SPDX-License-Identifier: Apache-2.0
"""A team's folder: its markings, decisions, dissents and rows."""

from bilat.sharing.own_rows import OwnRow
from bilat.sharing.team import Team, team_folder

__all__ = ["OwnRow", "Team", "team_folder"]
