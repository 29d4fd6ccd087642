"""Which of several verdicts stands, and what a discrepancy is: pure values and decisions."""
