"""The rules of obligations: pure sums, days and sets of topics."""
