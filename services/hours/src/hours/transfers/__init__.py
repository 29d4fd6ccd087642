"""Transfers (调动): a school asks for a teacher of another one, both sides approve, history does not move."""
