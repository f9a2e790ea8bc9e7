"""A report as one file: one format a module, with the constant EXPORTER. What is shown, and in which words, is decided
once, in _content and _closing; the formats only say how."""
