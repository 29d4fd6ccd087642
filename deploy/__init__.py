"""How Hourbank is run: on a laptop (`local`) and elsewhere."""
