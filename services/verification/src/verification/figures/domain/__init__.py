"""Counted hours and the roster, as pure values."""
