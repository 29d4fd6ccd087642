"""Measures the services against what the machine itself can do: `make bench`."""
