"""Entitlements (签发依据): which pass stands behind a certificate, and what it still calls for.

Hears verdicts and takes people's orders; lets certificates rest, return or end. Issuing is the room above.
"""
