"""Tables: which cells a Chinese claim speaks of, and what they say of its numbers and comparisons.

labels   what a row or column is called        locate   the rows and columns that a claim names
values   what a cell prints, as a quantity     derive   differences, ratios, changes of two named cells
cells    a number given to the wrong cell      order    a comparison that the cells contradict
loosely  numbers that may follow from cells only half named        universal  claims about all cells of a line
texts    numbers that follow from a sentence   binding  a sentence's number given to the wrong thing
amended  the comparison of numbers, put right  naming   how findings speak of a table
"""
