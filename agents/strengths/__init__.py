"""Strengths: how much a claim says, against how much its evidence says.

words   the strong wordings (words.toml)       aligned  the sentences that speak of what a claim's part speaks of
shares  all, most, some of a counted thing     limits   what the paper keeps from being all, sure or unique
grades  the scales (grades.toml) on which a claim may stand too high
rivals  who was first, who wins every line
"""
