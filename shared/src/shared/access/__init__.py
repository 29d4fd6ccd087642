"""Who may do what (权限): roles bound to places, the matrix role × act × level, the gate of every route.

The matrix is data, `matrix.toml`. Which act a route is, `access.toml` beside each service says; a service
does not start with a route that has none.
"""

from shared.access.caller import Caller, CallerOf
from shared.access.gate import Gate
from shared.access.reach import Reach, ReachOf, reach_of

__all__ = ["Caller", "CallerOf", "Gate", "Reach", "ReachOf", "reach_of"]
