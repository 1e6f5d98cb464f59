# SPDX-License-Identifier: Apache-2.0
"""What may come: questions with probabilities and scores, series with intervals, and a watch over both."""

from typing import TYPE_CHECKING

from bilat.registry import later

if TYPE_CHECKING:
    from bilat.forecast.resolution import Forecast, Resolution, Scores, forecast, forecasts, score

__all__ = ["Forecast", "Resolution", "Scores", "forecast", "forecasts", "score"]

if not TYPE_CHECKING:  # the streams load when they are first asked for, so that help stays quick
    __getattr__ = later(__name__, dict.fromkeys(__all__, "resolution"))
