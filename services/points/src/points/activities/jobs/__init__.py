"""Taking acts in: the desk where requests leave them, and the lane that writes them in groups."""

from points.activities.jobs.desk import Desk
from points.activities.jobs.lane import Lane

__all__ = ["Desk", "Lane"]
