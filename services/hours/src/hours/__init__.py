"""The hours service (学时): organisations, the roster, how hours are registered, the ledger, carry-over.

It hears the points service (exchanges, and what teachers could still exchange) and the verification
service (verdicts); it says who is where, and what was posted, reversed, carried over, closed and waived.

Rooms from top to bottom: what_if, outlook, obligations, statements, years, exchanges, appeals,
recognitions, transcripts, declarations, classes, annual_plans, plans, courses, waivers, deductions, reviews,
records, evidence, carryovers, transfers, roster, organisations, approvals, ledger.
"""
