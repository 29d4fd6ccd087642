"""Who dies is started again; who cannot be helped stops everything, with the reason."""

import pytest

from deploy.local import supervisor
from deploy.local.child import ServerError
from deploy.local.supervisor import Supervisor


class Mortal:
    """A child that dies when told to."""

    def __init__(self, *, cursed: bool = False) -> None:
        self.pid: int | None = 1
        self.lives = 1
        self._cursed = cursed

    def revive(self) -> None:
        if self._cursed:
            raise ServerError("the port is taken")
        self.pid = 1
        self.lives += 1


def test_a_living_child_is_left_alone() -> None:
    child, said = Mortal(), list[str]()
    keeper = Supervisor(said.append)
    keeper.add("points", child)
    keeper.look()
    keeper.check()
    assert (child.lives, said) == (1, [])


def test_a_dead_child_is_reported_and_started_again() -> None:
    child, said = Mortal(), list[str]()
    keeper = Supervisor(said.append)
    keeper.add("points", child)
    child.pid = None
    keeper.look()
    keeper.check()
    assert (child.lives, said) == (2, ["points died and is started again."])


def test_a_child_that_keeps_dying_is_given_up() -> None:
    child = Mortal()
    keeper = Supervisor(lambda _: None)
    keeper.add("points", child)
    for _ in range(supervisor.LIMIT + 1):
        child.pid = None
        keeper.look()
    assert child.lives == 1 + supervisor.LIMIT
    with pytest.raises(ServerError, match="points died 6 times within 60 s"):
        keeper.check()


def test_a_child_that_does_not_come_up_again_is_given_up() -> None:
    child = Mortal(cursed=True)
    keeper = Supervisor(lambda _: None)
    keeper.add("points", child)
    child.pid = None
    keeper.look()
    with pytest.raises(ServerError, match="points cannot be started again: the port is taken"):
        keeper.check()


def test_the_thread_ends_when_told_to_and_when_it_was_never_begun() -> None:
    child, said = Mortal(), list[str]()
    keeper = Supervisor(said.append, pause=0.001)
    keeper.stop()
    busy = Supervisor(said.append, pause=0.001)
    child.pid = None
    busy.add("points", child)
    busy.start()
    while not said:
        pass
    busy.stop()
    assert child.lives == 2
