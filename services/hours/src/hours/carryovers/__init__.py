"""Carry-over (结转): what a verdict does to a year's hours, heard from the verification service."""
