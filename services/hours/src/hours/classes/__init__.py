"""Classes (培训班): proposed, approved, filled with teachers, assessed, and their hours registered."""
