"""An issue on paper, for Word and PDF: what it says, block by block, and the two ways to set the blocks."""
