"""Planted worlds of trade: each simulator made without sight of the others and, but for the first, of the estimator."""
