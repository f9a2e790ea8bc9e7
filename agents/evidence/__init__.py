"""Evidence: what a paper says, sentence by sentence and row by row, and which of it a Chinese claim is about."""
