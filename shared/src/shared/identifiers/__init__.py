"""Identifiers that national standards define (国家标准规定的代码): read, checked, normalised.

Pure functions on text. Check characters come from python-stdnum; what a number must also satisfy (a date that
exists, a birth year that a living person can have) is said here, each as a question of its own.
"""
