"""The hours service."""
