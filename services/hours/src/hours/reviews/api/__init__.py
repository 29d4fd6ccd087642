"""HTTP of the reviews and of their objections."""
