"""Floors: what PostgreSQL, NATS and the web server do without us, in the same round on the same machine."""
