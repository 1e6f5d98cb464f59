# SPDX-License-Identifier: Apache-2.0
"""``bilat serve``: the pages live for any pair and date, search, screening, routes, decisions and a JSON interface.

A small web application in one process answers; whatever computes runs in worker processes of their own, for
questions, uploads and sites, so that a slow question never keeps fifty readers waiting, and one that runs over
its time or memory is ended. Pages and answers are functions of (holdings digest, pair, as-of date) and are kept in a
cache folder; what is uploaded is deleted once it was read.
"""
