"""Which rules held when (规则沿革): every version of a pack that a service knows, and when each was in force.

A service decides under the version in force; whatever was decided before is told by the version that its
entry names. Texts are kept in the database of each service and never change: neither a file that is replaced
nor another service's start-up changes what is said of a fact.
"""
