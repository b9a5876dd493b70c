"""The socket of a server."""

import socket

from services.cli.says import Stop


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; raises Stop when the port is not free."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as exc:
        raise Stop(f"Port {port} of {host} cannot be used: {exc.strerror}. Choose another one with --port.") from exc
