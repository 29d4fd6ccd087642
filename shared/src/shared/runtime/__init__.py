"""Process plumbing that every service stands on: database, journal, broker, errors, health.

No business word may appear here. A service describes itself (`service.Service`) and gets an application
with its relay, its consumers and its jobs.
"""
