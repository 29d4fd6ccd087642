"""Deciding a year's exchanges by two sets of rules, and what differs."""
