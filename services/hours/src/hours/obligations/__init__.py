"""Obligations (义务): what is asked of a teacher beside sums of years, and how each stands."""
