"""Measures: what the services do, each run checked before its figure counts."""
