"""A streaming replica of an embedded PostgreSQL, made from a base backup: a real one, and it can be held."""

from pathlib import Path

from deploy.local import child
from deploy.local.child import ServerError
from deploy.local.environment import for_children
from deploy.local.postgres import Postgres
from tests.support.world import until


class Standby(Postgres):
    """It follows `primary` from its first start on, and answers reads."""

    def __init__(self, home: Path, primary: Postgres) -> None:
        super().__init__(home, durable=False)
        self._primary = primary

    def _create_cluster(self) -> None:
        """A copy of the primary's data, with the note that makes it follow."""
        source = f"host={self._primary.socket} port={self._primary.port} user=postgres"
        made = child.start(
            [
                self._tool("pg_basebackup"),
                *("-D", self.data, "-d", source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
            ],
            log=self.log,
            account=self._account,
            environment=for_children(LC_ALL="C"),
        )
        if made.wait() != 0:
            raise ServerError(f"pg_basebackup failed:\n{child.tail(self.log)}")

    async def hold(self) -> None:
        """Let what it shows stand still, whatever arrives."""
        self.sql("select pg_wal_replay_pause()")

        async def held() -> bool:
            return self.sql("select pg_get_wal_replay_pause_state()") == "paused"

        await until(held)

    def go_on(self) -> None:
        """Show what arrived meanwhile, and what arrives."""
        self.sql("select pg_wal_replay_resume()")

    async def follow(self) -> None:
        """Wait until it shows everything that the primary has committed so far."""
        end = self._primary.sql("select pg_current_wal_flush_lsn()")

        async def there() -> bool:
            return self.sql(f"select pg_last_wal_replay_lsn() >= '{end}'") == "t"

        await until(there)
