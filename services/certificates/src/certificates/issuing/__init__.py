"""Issuing (签发): what verdicts call for, and how it becomes documents.

A number is reserved, the document rendered outside any transaction, then bytes and fact are issued together.
"""
