"""The life of a provider process, from its start by Terraform to its end.

The order of a start is what makes it short: listen, make the certificate, print the line, and only then
import what serves (the event loop, gRPC, the provider itself), while Terraform connects.

The process ends when Terraform says so, when Terraform is gone, or on SIGTERM and SIGHUP; calls under way
finish first, for at most :data:`DRAIN_S` seconds. Ctrl-C is Terraform's to handle: it reaches the whole
group of processes, so it is ignored here, and Terraform asks the provider to stop.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from prefect_provider.plugin.serving.certificate import create_certificate
from prefect_provider.plugin.serving.handshake import (
    HandshakeError,
    PrivateSocket,
    handshake_line,
    read_handshake,
    reroute_standard_streams,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from prefect_provider.plugin.serving.rpc import Service
    from prefect_provider.plugin.serving.server import RpcServer

__all__ = ["CLOSE_S", "DRAIN_S", "leave", "run"]

DRAIN_S = 60.0
CLOSE_S = 5.0
"""Seconds that calls under way have to finish, and a service to close."""

_WATCH_S = 1.0
_WATCH_CLOSELY_S = 0.1
"""Seconds between looks at whether Terraform is still there; the shorter while nobody is connected."""


class _TerminatedError(BaseException):
    """SIGTERM came before anything was served."""


def _end_early(_number: int, _frame: object) -> NoReturn:
    raise _TerminatedError


def run(
    load: Callable[[], Sequence[Service]],
    argv: Sequence[str] | None = None,
    *,
    address: str,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Serve Terraform, and return the exit code of the process.

    ``load`` gives the services; it is called after Terraform was told where to connect, so slow imports
    belong there. ``address`` is the provider's source, such as ``prefect-iac/prefect``. With ``--debug`` the
    process was started by a person: it prints how to make Terraform use it, and stays until Ctrl-C.

    A crash is reported on stderr in the form that Terraform shows to its user (``panic: ...``), with code 2.
    """
    arguments = sys.argv[1:] if argv is None else argv
    try:
        if "--debug" in arguments or "-debug" in arguments:
            return _run_for_debugging(load, address, environ)
        return _run_for_terraform(load, address, environ)
    except HandshakeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except _TerminatedError:
        return 0
    except BaseException as error:  # noqa: BLE001  whatever it is, it ends the process
        _report_crash(error)
        return 2


def leave(code: int) -> NoReturn:
    """End the process without taking the interpreter apart, which takes as long as half a start."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run_for_terraform(
    load: Callable[[], Sequence[Service]], address: str, environ: Mapping[str, str]
) -> int:
    handshake = read_handshake(environ, address=address)
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_early)  # until the event loop takes over
    gc.disable()  # importing makes much that stays, and little garbage
    listening = PrivateSocket(handshake.socket_directory)
    try:
        certificate = create_certificate() if handshake.client_certificate else None
        sys.stdout.write(handshake_line(listening.path, certificate.der if certificate else None) + "\n")
        reroute_standard_streams()

        def tls() -> ssl.SSLContext | None:
            from prefect_provider.plugin.serving.server import tls_context

            if certificate is None:
                return None
            with listening.write_briefly(certificate.pem) as path:
                return tls_context(path, handshake.client_certificate)

        _start_logging(address, environ)
        return _run_loop(_live(load, listening, tls, parent))
    finally:
        listening.remove()


def _run_for_debugging(
    load: Callable[[], Sequence[Service]], address: str, environ: Mapping[str, str]
) -> int:
    import json

    listening = PrivateSocket(environ.get("PLUGIN_UNIX_SOCKET_DIR", ""))
    try:
        reattach = {
            f"registry.terraform.io/{address}": {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,  # Terraform did not start it, so it will not end it
                "Addr": {"Network": "unix", "String": listening.path},
            }
        }
        sys.stdout.write(
            "The provider runs until Ctrl-C. To make Terraform use it, in another shell:\n\n"
            f"    export TF_REATTACH_PROVIDERS='{json.dumps(reattach)}'\n\n"
        )
        sys.stdout.flush()
        _start_logging(address, environ)
        return _run_loop(_live(load, listening))
    finally:
        listening.remove()


def _start_logging(address: str, environ: Mapping[str, str]) -> None:
    from prefect_provider.plugin.serving.logs import start_logging

    start_logging(environ, name=address.rpartition("/")[2])


def _run_loop(life: Coroutine[Any, Any, int]) -> int:
    # Not asyncio.run: it waits without limit for tasks and threads that do not want to end.
    import asyncio

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(life)
    finally:
        loop.close()


async def _live(
    load: Callable[[], Sequence[Service]],
    listening: PrivateSocket,
    tls: Callable[[], ssl.SSLContext | None] = lambda: None,
    parent: int | None = None,
) -> int:
    """Serve until the end has come; ``parent`` is the process of Terraform, None when debugging."""
    import asyncio

    from prefect_provider.plugin.serving.rpc import Encoded, Service
    from prefect_provider.plugin.serving.server import RpcServer

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    hurry = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            hurry.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGHUP, *([signal.SIGINT] if parent is None else [])):
        loop.add_signal_handler(number, on_signal)

    async def shut_down(_: Encoded) -> Encoded:
        if parent is not None:
            stop.set()
        return Encoded()

    services = load()
    controller = Service("plugin.GRPCController", {"Shutdown": (Encoded, Encoded, shut_down)})
    server = RpcServer([*services, controller])
    await server.start(listening.socket, tls())
    gc.freeze()
    gc.enable()

    await _first(stop.wait(), _terraform_gone(server, parent))
    await _first(server.drain(DRAIN_S), hurry.wait())
    for service in services:
        await _first(_close(service), hurry.wait(), asyncio.sleep(CLOSE_S))
    await server.close()
    unfinished = asyncio.all_tasks() - {asyncio.current_task()}
    for task in unfinished:
        task.cancel()
    if unfinished:
        await asyncio.wait(unfinished, timeout=1)
    return 0


async def _terraform_gone(server: RpcServer, parent: int | None) -> None:
    """Wait until our parent is another process, or the one that connected has ended; never when debugging."""
    while parent is None or (os.getppid() == parent and not server.abandoned):
        await server.wait_for_change(_WATCH_S if server.is_connected else _WATCH_CLOSELY_S)


async def _close(service: Service) -> None:
    import logging

    try:
        if service.close is not None:
            await service.close()
    except Exception:
        logging.getLogger(__name__).exception("closing %s failed", service.name)


async def _first(*awaitables: Coroutine[Any, Any, object]) -> None:
    """Wait for one of them, and cancel the others."""
    import asyncio

    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    for task in done:
        task.result()


def _report_crash(error: BaseException) -> None:
    """Write what happened in the form in which Terraform recognizes the end of a plugin."""
    import traceback

    from prefect_provider.text.masking import mask

    text = "".join(traceback.format_exception(error))
    what = traceback.format_exception_only(error)[-1].strip()
    sys.stderr.write(mask(f"panic: {what}\n\n{text}"))
    sys.stderr.flush()
