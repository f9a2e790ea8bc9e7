"""Negatives: what a Chinese clause and an English one deny, and opposites, so that the two can be compared."""
