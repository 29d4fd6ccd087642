"""Statements (对账单): every movement of a teacher's year, and where its hours come from."""
