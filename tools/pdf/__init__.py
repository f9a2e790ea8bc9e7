"""From a PDF to text in reading order, every word with its place on the page."""
