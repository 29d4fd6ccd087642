"""What the services say to each other: shapes only, no behaviour, no business rule.

Every event travels in an `Event` envelope whose `data` is one of the structs of this package, found by
its type in `shared.contracts.catalogue`. Primitives only; hours are exact decimals that travel as JSON
strings, points are integers, instants are RFC 3339 in UTC. A breaking change is a new `.v2` beside the
old shape; a field is only ever added with a default.
"""
