"""What the province decided, in whatever order it arrives, and where it differs from the local prediction."""
