"""Formats of all issues together: the site and its feeds. One format a file, with the constant EXPORTER."""
