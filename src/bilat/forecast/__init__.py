# SPDX-License-Identifier: Apache-2.0
"""What may come: questions with probabilities and scores, series with intervals, and a watch over both."""

from bilat.forecast.asked import Forecast, Outcome, Scores, forecast, forecasts, score
from bilat.forecast.questions import Question, questions

__all__ = ["Forecast", "Outcome", "Question", "Scores", "forecast", "forecasts", "questions", "score"]
