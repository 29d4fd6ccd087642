"""Cyclic garbage: looked for seldom, since batches make many objects and hardly a cycle."""

import gc

THRESHOLDS = (100_000, 50, 100)
"""Objects made before the youngest are looked at; rounds of that before the older ones are."""


def collect_seldom() -> None:
    """Look for cyclic garbage seldom, and never again among what is there now.

    A batch makes tens of thousands of objects. With Python's own thresholds the search takes a quarter of the
    time of an intake batch.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
