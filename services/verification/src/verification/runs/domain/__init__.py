"""A run's progress, as pure values."""
