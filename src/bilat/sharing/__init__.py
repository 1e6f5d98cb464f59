# SPDX-License-Identifier: Apache-2.0
"""A team's folder, its markings, decisions, dissents and rows, and two teams' folders merged."""

from bilat.sharing.merge import Conflict, Merged, merge
from bilat.sharing.own_rows import OwnRow
from bilat.sharing.team import Team, team_folder

__all__ = ["Conflict", "Merged", "OwnRow", "Team", "merge", "team_folder"]
