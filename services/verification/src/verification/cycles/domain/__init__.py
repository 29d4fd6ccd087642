"""The rules of cycles: pure sums and comparisons."""
