"""Rules of a transcript: what it says, of how many years, and whose it is."""
