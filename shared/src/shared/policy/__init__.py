"""Regulations as data: the shapes of a rule pack, its loader, and the packs themselves.

One pack per jurisdiction and period of validity (`packs/*.toml`). Code knows *kinds* of rule; numbers,
caps and names of places are data. Every rule carries its id, the clause it comes from and the clause's
Chinese words. Rules that the public text leaves out are disabled slots, listed and never filled in.
"""
