"""What an archived year costs to keep and to read: `python -m bench.archive`."""
