"""Activities (研修行为): taking in what teachers did, and what the rules grant on it."""
