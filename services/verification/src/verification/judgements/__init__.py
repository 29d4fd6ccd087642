"""What the local computation says of a teacher's year, and the verdict that stands for it."""
