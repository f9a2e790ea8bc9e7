"""Instruments without opinions. The folders in here do not import each other."""
