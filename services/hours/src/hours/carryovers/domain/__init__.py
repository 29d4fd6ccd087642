"""Rules of carry-over: the one formula, and when its result has to be posted."""
