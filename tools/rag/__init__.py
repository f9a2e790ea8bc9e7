"""From a reading to passages that a question finds."""
