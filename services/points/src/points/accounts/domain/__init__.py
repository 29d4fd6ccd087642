"""The ledger's rules, pure: lots, expiry, the order of burning, what could still be exchanged."""
