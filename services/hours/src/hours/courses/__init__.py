"""Courses (课程): applied for, reviewed step by step within terms, listed, renewed or dropped."""
