"""What is asked: a teacher's wishes, and a draft over the year of many. Nothing is written."""
