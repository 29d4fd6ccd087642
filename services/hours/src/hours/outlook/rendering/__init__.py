"""The outlook for people: a teacher's year, and what inspections took of it."""
