"""Proofs (多年证明): the verdicts on the last years of a teacher in one answer, as promotions ask for it."""
