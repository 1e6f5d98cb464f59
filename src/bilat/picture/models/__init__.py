# SPDX-License-Identifier: Apache-2.0
"""Pages of the models: one file each that opens from disk, with sliders on grids worked out beforehand."""

from bilat.picture.models.blockade_page import blockade_page
from bilat.picture.models.exposure_page import exposure_page

__all__ = ["blockade_page", "exposure_page"]
