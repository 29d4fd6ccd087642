"""Issuing (签发): due work becomes documents.

A number is reserved, the document rendered outside any transaction, then bytes and fact are issued together.
"""
