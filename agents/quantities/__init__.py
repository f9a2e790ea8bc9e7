"""Quantities in Chinese and English text: found, put into one form, compared.

parse    text -> quantities          numerals  words and characters -> values
units    what may stand behind one   nouns     what is being counted
compare  claim against evidence      computed  differences, ratios and sums of printed numbers
"""

from agents.quantities.compare import examine
from agents.quantities.model import Quantity
from agents.quantities.parse import parse

__all__ = ["Quantity", "examine", "parse"]
