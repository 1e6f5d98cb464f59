# SPDX-License-Identifier: Apache-2.0
"""English words that say nothing of what a text is about."""

from __future__ import annotations

#: Words that every English text has; their share also tells the language.
_FUNCTION_WORDS = """
the of and to in a an that for by with on at from is are was were be been has have had it its as
not no but or than this which who their they them he his she her will would could may might more
most about into over under after before since during between among also said says say one two
other others all some any such only up out so if when while where what there these those then
both each per did do does against without within through now yet own new first
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
