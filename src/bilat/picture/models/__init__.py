# SPDX-License-Identifier: Apache-2.0
"""Pages of the models: one file each that opens from disk, with sliders on grids worked out beforehand."""

from bilat.picture.models.blockade_page import blockade_page

__all__ = ["blockade_page"]
