"""Cycles (周期) as any service tells them: how several years stand together, in words and in figures.

Verification sums what it heard and decides on it; hours sums what it posted and looks ahead. Both ask these.
"""
