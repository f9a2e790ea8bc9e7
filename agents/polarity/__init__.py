"""Poles: words and comparisons that have an opposite, in Chinese and in English, and who stands where in them."""
