"""The rules of the annual verification: pure values and decisions."""
