"""Deductions (扣减): hours of a teacher's year that a failed inspection takes, as the rules say."""
