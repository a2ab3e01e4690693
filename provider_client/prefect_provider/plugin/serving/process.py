"""The life of a provider process, from its start by Terraform to its end.

The order of a start is what makes it short: listen, make the certificate, print the line, and only then
import what serves (the event loop, gRPC, the provider itself), while Terraform connects.

The process ends when Terraform says so, when Terraform is gone, or on SIGTERM and SIGHUP. The services are told at
once, so that nothing begins any more; calls under way finish first, for at most :data:`DRAIN_S` seconds, or
:data:`ABANDONED_S` when nobody waits for their answers. Terraform's end shows in the connection, which the system
closes with it; a process that was never connected looks whose child it is. (Linux could send a signal instead,
PR_SET_PDEATHSIG, but does so also when a thread of Terraform ends.) Ctrl-C is Terraform's to handle: it reaches
the whole group of processes, so it ends nothing here. But the services are told of it, because Terraform itself asks a
provider to stop in some phases only: not while `terraform apply` plans.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping
from functools import partial
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
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence

    from prefect_provider.plugin.serving.rpc import Service, UnaryMethod
    from prefect_provider.plugin.serving.server import RpcServer

__all__ = ["ABANDONED_S", "CLOSE_S", "DRAIN_S", "leave", "run"]

DRAIN_S = 60.0
ABANDONED_S = 10.0
CLOSE_S = 5.0
"""Seconds that calls under way have to finish, also when nobody is left to answer, and a service to close."""

_WATCH_S = 1.0
_WATCH_CLOSELY_S = 0.1
"""Seconds between looks at whether Terraform is still there; the shorter while nobody is connected."""


class _TerminatedError(BaseException):
    """SIGTERM came before anything was served."""


_interrupted = False


def _note_interrupt(_number: int, _frame: object) -> None:
    """Ctrl-C before anything is served, which has to be known when something is."""
    global _interrupted  # noqa: PLW0603 - a signal handler has nothing else
    _interrupted = True


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
    signal.signal(signal.SIGINT, _note_interrupt)
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
        from prefect_provider.plugin.serving.leftovers import sweep

        sweep(listening.directory)


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

    served = _Served()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal)
    loop.add_signal_handler(signal.SIGINT, on_signal if parent is None else served.interrupt)
    served.start(load())
    asked = False

    async def shut_down(_: Encoded) -> Encoded:
        nonlocal asked
        if parent is not None:
            # A Terraform that is interrupted twice does not wait for what it has called.
            asked = not served.calls
            stop.set()
        return Encoded()

    controller = Service("plugin.GRPCController", {"Shutdown": (Encoded, Encoded, shut_down)})
    server = RpcServer([*served.services, controller])
    await server.start(listening.socket, tls())
    gc.freeze()
    gc.enable()

    await _first(stop.wait(), _terraform_gone(server, parent))
    served.leave(asked=asked)
    await _first(server.drain(DRAIN_S if stop.is_set() else ABANDONED_S), hurry.wait())
    for service in served.services:
        await _first(_close(service), hurry.wait(), asyncio.sleep(CLOSE_S))
    await server.close()
    unfinished = asyncio.all_tasks() - {asyncio.current_task()}
    for task in unfinished:
        task.cancel()
    if unfinished:
        await asyncio.wait(unfinished, timeout=1)
    return 0


class _Served:
    """The services, and how many of their calls are under way."""

    def __init__(self) -> None:
        self.calls = 0
        self.services: list[Service] = []
        self._is_interrupted = _interrupted

    def start(self, services: Sequence[Service]) -> None:
        """These are served."""
        self.services = [self._with_count(service) for service in services]
        if self._is_interrupted:
            self.interrupt()

    def interrupt(self) -> None:
        """Ctrl-C was pressed."""
        self._is_interrupted = True
        for service in self.services:
            _tell(service, service.interrupt)

    def leave(self, *, asked: bool) -> None:
        """The end has come."""
        for service in self.services:
            _tell(service, partial(service.leave, asked) if service.leave else None)

    def _with_count(self, service: Service) -> Service:
        from prefect_provider.plugin.serving.rpc import Service

        return Service(
            service.name,
            _Methods(service.unary, self._counted),
            service.streaming,
            service.close,
            service.leave,
            service.interrupt,
        )

    def _counted(self, handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
        async def handle(request: Any) -> Any:
            self.calls += 1
            try:
                return await handler(request)
            finally:
                self.calls -= 1

        return handle


class _Methods(Mapping[str, "UnaryMethod"]):
    """Methods whose handlers are wrapped when they are asked for, and not before: some are loaded then."""

    def __init__(self, methods: Mapping[str, UnaryMethod], wrap: Callable[[Any], Any]) -> None:
        self._methods = methods
        self._wrap = wrap

    def __getitem__(self, name: str) -> UnaryMethod:
        request, response, handler = self._methods[name]
        return request, response, self._wrap(handler)

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)


async def _terraform_gone(server: RpcServer, parent: int | None) -> None:
    """Wait until our parent is another process, or the one that connected has ended; never when debugging."""
    while parent is None or (os.getppid() == parent and not server.abandoned):
        await server.wait_for_change(_WATCH_S if server.is_connected else _WATCH_CLOSELY_S)


def _tell(service: Service, what: Callable[[], None] | None) -> None:
    import logging

    try:
        if what is not None:
            what()
    except Exception:
        logging.getLogger(__name__).exception("telling %s failed", service.name)


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
