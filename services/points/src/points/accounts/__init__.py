"""The ledger of points (积分账户): awards that stand, lots that expire, what was exchanged, and why."""
