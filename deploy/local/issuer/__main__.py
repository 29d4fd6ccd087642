"""`python -m deploy.local.issuer serve`, and `mint ROLES…`, which is `make token`; for development only."""

import argparse
import sys

from deploy.local.environment import everything
from deploy.local.issuer import clients
from deploy.local.issuer.app import create_app
from deploy.local.issuer.mint import Mint
from deploy.local.issuer.settings import IssuerSettings
from shared.access.matrix import is_binding
from shared.runtime import clock, logging, serving
from shared.runtime.command import NOT_STARTED
from shared.startup import StartUpError

LONGEST = 366 * 24 * 3600


def main() -> None:
    """Run one command; end with one line where it must not start."""
    options = _arguments()
    logging.configure(options.log_level)
    try:
        settings = IssuerSettings.read(everything())
    except StartUpError as error:
        print(f"issuer: {error}", file=sys.stderr)
        sys.exit(NOT_STARTED)
    clock.run_ahead(settings.ahead)
    mint = Mint.open(settings.folder, settings.issuer, settings.audience)
    if options.command == "mint":
        print(mint.token(options.roles, subject=options.subject, seconds=options.seconds, now=clock.now()))
        return
    settings.note()
    app = create_app(mint, clients.kept(settings.folder, everything()))
    serving.serve(app, host=options.host or settings.host, port=settings.port, fd=options.fd)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.issuer", description=__doc__)
    parser.add_argument("--log-level", default="INFO")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="give tokens to clients, at the address of TOKEN_ISSUER")
    serve.add_argument("--host", help="another address to listen at, such as that of a container")
    serve.add_argument("--fd", type=int, help="an open listening socket at that address")
    mint = commands.add_parser("mint", help="print a token with these roles and nothing else")
    mint.add_argument("roles", nargs="+", type=_role, metavar="role@level:id")
    mint.add_argument("--subject", help="whom it is about; the first role where nobody is named")
    mint.add_argument("--seconds", type=_seconds, default=3600, help="how long it holds")
    return parser.parse_args()


def _role(text: str) -> str:
    if not is_binding(text):
        raise argparse.ArgumentTypeError(
            f"{text} names no role at a place where it may be bound, such as school_administrator@school:S12"
        )
    return text


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LONGEST):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds up to {LONGEST}")
    return int(text)


if __name__ == "__main__":
    main()
