"""The hours service (学时): organisations, the roster, evidence, the ledger of hours, caps and carry-over.

It hears the points service (exchanges, and what teachers could still exchange) and the verification
service (verdicts); it says who is where, and what was posted, reversed, carried over and closed.

Rooms from top to bottom: years, exchanges, courses, evidence, records, carryovers, transfers, roster,
organisations, ledger.
"""
