"""Starts an explorer: from the command line, from Python, in a notebook."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from glasstunnel.data import Dataset
from glasstunnel.errors import GlassTunnelError
from glasstunnel.records import brief
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PATIENCE = 20.0  # seconds until a server answers


@dataclass
class Explorer:
    """A running explorer, as `explore` returns it.

    url : its address with the token. In a notebook it shows itself as a link.
    """

    url: str
    sessions: Any
    server: Any
    thread: threading.Thread | None = None
    listening: socket.socket | None = None
    height: int = 0

    __repr__ = brief

    @property
    def glass(self) -> Glass:
        """The glass as it stands in the browser now."""
        return self.sessions.first.journal.state.glass

    @property
    def run_file(self) -> str:
        """The run file as it stands now: `glasstunnel fit` takes it beside its data."""
        from glasstunnel.explorer.documents import run_text

        return run_text(self.sessions.first.journal.state)

    def save(self, folder: Any) -> Any:
        """Write run.toml and its data into a folder; returns the path of run.toml."""
        import io
        import zipfile
        from pathlib import Path

        from glasstunnel.explorer.documents import run_archive
        from glasstunnel.files import written_whole

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(run_archive(self.sessions.first.journal.state))) as archive:
            for name in sorted(archive.namelist(), key=lambda name: name == "run.toml"):  # complete once that is there
                with written_whole(folder / name) as part:
                    part.write_bytes(archive.read(name))
        return folder / "run.toml"

    def stop(self) -> None:
        """End the server; what was done stays in its journal."""
        self.server.should_exit = True
        self.sessions.wake()
        if self.thread is not None:
            self.thread.join(5.0)
        if self.listening is not None:
            self.listening.close()
        self.sessions.end()

    def _repr_html_(self) -> str:
        from html import escape

        link = f'<a href="{escape(self.url)}" target="_blank" rel="noreferrer">Explore {escape(self.glass.name)}</a>'
        if not self.height:
            return link
        return f'{link}<br><iframe src="{escape(self.url)}" width="100%" height="{int(self.height)}"></iframe>'


def explore(
    glass: Contribution | str | None = None, datasets: Iterable[Dataset] = (), *, port: int = 0,
    browser: bool = False, height: int = 0,
) -> Explorer:
    """Explore a glass and measured data in the browser, from Python or a notebook.

    glass : a `Glass` or contribution, or what `glasstunnel explore` takes (the id of a printed set, a path); the first
    look when not given. datasets : `Dataset` objects. port : 0 for a free one. browser : whether to open it.
    height : of a frame in a notebook, pixels; 0 for a link alone.

    Returns an `Explorer`, whose `glass` and `run_file` follow what is done in the browser. It needs
    ``pip install glasstunnel[explore]``; `GlassTunnelError` says so where that is missing.
    """
    from glasstunnel.explorer.journal import Journal, new_folder
    from glasstunnel.explorer.opening import open_objects, open_subject

    needed()
    folder = new_folder()
    if isinstance(glass, Contribution):
        place = folder / "uploads"
        place.mkdir(parents=True)
        opened = open_objects(glass, datasets, place)
    else:
        opened = open_subject(glass)
    ancestors = "'self' http://localhost:* http://127.0.0.1:*" if height else "'none'"
    explorer = serve(lambda: opened, journal=Journal(folder, opened), port=port, ancestors=ancestors)
    if height:  # the same name in link and frame, that of most notebooks: cookies and frames go by names
        explorer.height, explorer.url = height, explorer.url.replace("127.0.0.1", "localhost", 1)
    if browser:
        open_browser(explorer.url)
    return explorer


def needed() -> None:
    """`GlassTunnelError` with the command that installs what is missing."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise GlassTunnelError(f"explore needs {error.name}: pip install 'glasstunnel[explore]'") from None


def serve(
    opening: Callable, *, journal: Any = None, host: str = "127.0.0.1", port: int = 0, base_url: str = "/",
    allow_hosts: tuple[str, ...] = (), ancestors: str = "'none'", token: str | None = None,
) -> Explorer:
    """Start the server in a thread and return once it answers.

    host : where it listens; other than loopback only on demand. allow_hosts : further names under which it may be
    asked, as those of a proxy. base_url : prefix that a proxy leaves in place.
    """
    import uvicorn

    from glasstunnel.explorer.server import Sessions, make_app

    listening = _listen(host, port)
    port = listening.getsockname()[1]
    sessions = Sessions(opening, journal, token)
    names = (*_LOOPBACK, *allow_hosts, *(() if host in ("0.0.0.0", "::") else (host,)))
    names = (*names, *_own_names()) if host in ("0.0.0.0", "::") else names
    origins = tuple(f"{scheme}://{name}" for name in allow_hosts for scheme in ("http", "https"))
    app = make_app(sessions, hosts=tuple(name.split(":")[0] for name in names), cookie=f"glasstunnel-{port}",
                   base_url=base_url, origins=origins, ancestors=ancestors)  # fmt: skip
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", timeout_keep_alive=30,
                            timeout_graceful_shutdown=1)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    threading.Thread(target=_warm, args=(sessions,), daemon=True).start()
    _wait(server)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    base = "/" + base_url.strip("/") + "/" if base_url.strip("/") else "/"
    return Explorer(f"http://{shown}:{port}{base}?token={sessions.token}", sessions, server, thread, listening)


def _listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise GlassTunnelError(f"cannot listen on {host} port {port}: {reason}") from None
    return listening


def _own_names():
    """Names and addresses of this machine, where it listens to all of them."""
    found = {socket.gethostname(), socket.getfqdn()}
    with contextlib.suppress(OSError):
        found |= set(socket.gethostbyname_ex(socket.gethostname())[2])
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
        found.add(probe.getsockname()[0])
    return tuple(sorted(filter(None, found)))


def _warm(sessions):
    """The first process starts while the browser still loads the page."""
    from glasstunnel.explorer.description import catalog

    with contextlib.suppress(GlassTunnelError):
        sessions.first.curves({"points": 60})
    catalog()


def _wait(server):
    end = time.monotonic() + _PATIENCE
    while not server.started:
        if time.monotonic() > end:
            raise GlassTunnelError("the server did not start")
        time.sleep(0.01)


def open_browser(url: str) -> None:
    """Open an address in the browser of this machine, where there is one."""
    import webbrowser

    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(url)
