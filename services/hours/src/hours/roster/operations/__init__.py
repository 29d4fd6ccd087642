"""What the roster does: `rows` are taken by difference, `imports` are files, `reversals` take one back."""
