# SPDX-License-Identifier: Apache-2.0
"""What may come: questions with probabilities and scores, series with intervals, and a watch over both."""

from bilat.forecast.asked import Forecast, Resolution, Scores, forecast, forecasts, score
from bilat.forecast.questions import ForecastQuestion, questions

__all__ = [
    "Forecast",
    "ForecastQuestion",
    "Resolution",
    "Scores",
    "forecast",
    "forecasts",
    "questions",
    "score",
]
