"""Cycles (周期): what several years ask together, how anybody stands, and the verdicts on it.

How somebody stands is summed when it is asked and recorded nowhere; a verdict is a fact.
"""
