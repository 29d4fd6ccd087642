"""Appeals (申诉): with a clock, and decided by somebody who had no hand in the matter."""
