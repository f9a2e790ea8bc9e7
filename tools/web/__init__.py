"""The only way out to the network for papers: polite, patient, cached. The door to requests."""

VERSION = "0.1.0"
"""Sent in the User-Agent; a test keeps it equal to pyproject.toml."""
