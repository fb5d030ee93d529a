"""The server: Starlette over `Session`. Closed by default: token, strict cookie, host list, origin, small bodies.

Every address is relative, so that a proxy may put a base URL before it.
"""

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer import documents
from glasstunnel.explorer.description import catalog
from glasstunnel.explorer.journal import Journal, new_folder
from glasstunnel.explorer.session import Session, safe_name
from glasstunnel.explorer.state import State

LARGEST_UPLOAD = 50_000_000  # bytes
_LARGEST_REQUEST = 1_000_000
_MOST_SESSIONS = 8
_LONGEST_WAIT = 25.0  # seconds of a long poll; proxies give up after 30 or 60
_READING = ("columns", "quantity", "delimiter", "decimal", "after")
_HEADER = "x-glasstunnel"  # a page of another origin cannot send it without being asked for first
_KINDS = {"js": "text/javascript", "css": "text/css", "html": "text/html", "svg": "image/svg+xml"}
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)


class Sessions:
    """The sessions of a server: one for each browser that came with the token.

    opening : makes the first state of a new session. resumed : the session that the first browser gets.
    """

    def __init__(self, opening: Callable[[], State], journal: Journal | None = None, token: str | None = None):
        self.token = token or secrets.token_urlsafe(24)
        self.opening = opening
        self._lock = threading.Lock()
        self._by_key: dict[str, Session] = {}
        self._waiting: Session | None = Session(journal or Journal(new_folder(), opening()))
        self.first = self._waiting
        self._keys = self.first.journal.folder / "keys"
        if self._keys.is_file():  # of browsers that had this session before it was interrupted
            self._by_key |= dict.fromkeys(self._keys.read_text().split(), self.first)

    def session(self, key: str) -> Session | None:
        """The session of a cookie, compared by its hash; None for a foreign one."""
        return self._by_key.get(_hashed(key))

    def enter(self) -> str:
        """A key for a browser that showed the token: to the first session, once, then to new ones."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            session, self._waiting = self._waiting, None
            if session is None:
                if len(set(map(id, self._by_key.values()))) >= _MOST_SESSIONS:
                    raise HTTPException(429, f"{_MOST_SESSIONS} people explore here already; start another explorer")
                session = Session(Journal(new_folder(), self.opening()))
            self._by_key[_hashed(key)] = session
            with open(session.journal.folder / "keys", "a", encoding="utf-8") as stream:
                stream.write(_hashed(key) + "\n")
        return key

    def is_token(self, text: str) -> bool:
        """Whether a text is the token of this server."""
        return hmac.compare_digest(text.encode(), self.token.encode())

    def _all(self):
        return {id(session): session for session in (self.first, *self._by_key.values())}.values()

    def wake(self) -> None:
        """Answer all who wait for a change, now and from now on."""
        for session in self._all():
            session.closing = True
            session.note()

    def end(self) -> None:
        """End the processes of all sessions."""
        for session in self._all():
            session.end()


def _hashed(key):
    return hashlib.sha256(key.encode()).hexdigest()


class App:
    """The addresses of one server. cookie : name of its cookie, with the port, since cookies know no ports."""

    def __init__(self, sessions: Sessions, cookie: str = "glasstunnel", base_url: str = "/",
                 origins: tuple[str, ...] = ()):  # fmt: skip
        self.sessions, self.cookie, self.base_url, self.origins = sessions, cookie, base_url, origins

    # --- who asks -----------------------------------------------------------------------------------------------------

    def session(self, request: Request) -> Session:
        """The session of a request; 403 without cookie or token."""
        session = self.sessions.session(request.cookies.get(self.cookie, ""))
        if session is None and self._has_token(request):
            session = self.sessions.first
        if session is None:
            raise HTTPException(403, "open the address that 'glasstunnel explore' printed; it holds the token")
        return session

    def _has_token(self, request):
        given = request.query_params.get("token") or request.headers.get("authorization", "").removeprefix("Bearer ")
        return bool(given) and self.sessions.is_token(given)

    def writer(self, request: Request) -> Session:
        """The session of a request that changes something: from our own page, or from a program with the header."""
        if _HEADER not in request.headers:
            raise HTTPException(403, f"a request that changes something needs the header {_HEADER}")
        origin = request.headers.get("origin")
        if origin is not None and not self._is_ours(origin, request.headers.get("host", "")):
            raise HTTPException(403, f"requests from {origin[:80]!r} are not answered")
        return self.session(request)

    def _is_ours(self, origin, host):
        return urlsplit(origin).netloc == host or origin in self.origins

    # --- addresses ----------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """The page; with the token it sets the cookie and sends the browser to the address without it."""
        if self._has_token(request):
            response: Response = RedirectResponse("./", 303)
            if self.sessions.session(request.cookies.get(self.cookie, "")) is None:
                key = await run_in_threadpool(self.sessions.enter)
                secure = request.url.scheme == "https"
                response.set_cookie(self.cookie, key, httponly=True, samesite="strict", path="/", secure=secure)
            return response
        self.session(request)
        return _static("index.html")

    async def static(self, request: Request) -> Response:
        """A file of the page."""
        return _static(request.path_params["name"])

    async def describe(self, request: Request) -> Response:
        """GET /session: everything but the curves."""
        session = self.session(request)
        return JSONResponse(await run_in_threadpool(session.describe))

    async def catalog(self, request: Request) -> Response:
        """GET /catalog: what there is to choose from."""
        self.session(request)
        return JSONResponse(await run_in_threadpool(catalog))

    async def events(self, request: Request) -> Response:
        """GET /events?after=n: waits for a change, at most `_LONGEST_WAIT` seconds."""
        session = self.session(request)
        text = request.query_params.get("after", "0")
        if not text.isdecimal() or len(text) > 12:
            raise HTTPException(400, "after must be a whole number")
        changes = await run_in_threadpool(session.wait, int(text), _LONGEST_WAIT)
        fit = session.fit.described()
        return JSONResponse({"changes": changes, "version": session.journal.version, "fit": {**fit, "result": None}})

    async def act(self, request: Request) -> Response:
        """POST /actions {do, with}: one action, and the session after it."""
        session, body = self.writer(request), await _json(request)
        name, arguments = body.get("do"), body.get("with", {})
        if not isinstance(name, str) or not isinstance(arguments, dict):
            raise HTTPException(400, "an action is {do: its name, with: {its arguments}}")
        await run_in_threadpool(session.act, name, arguments)
        return JSONResponse(await run_in_threadpool(session.describe))

    async def curves(self, request: Request) -> Response:
        """POST /curves: pictures of panels, see `Session.curves`."""
        session, body = self.writer(request), await _json(request)
        if not isinstance(body.get("values", {}), dict):
            raise HTTPException(400, "values must be {path: number}")
        return JSONResponse(await run_in_threadpool(session.curves, body))

    async def bands(self, request: Request) -> Response:
        """POST /bands {panels}: one and two standard deviations after a fit, see `Session.bands`."""
        session, body = self.writer(request), await _json(request)
        return JSONResponse(await run_in_threadpool(session.bands, body))

    async def upload(self, request: Request) -> Response:
        """POST /upload, the file as body, its name in the header x-file-name, reading options in x-file-options."""
        session = self.writer(request)
        name = safe_name(unquote(request.headers.get("x-file-name", "file")))
        options = _parsed(unquote(request.headers.get("x-file-options", "{}")).encode())
        unknown = [key for key in options if key not in _READING]
        if unknown:
            raise HTTPException(400, f"no reading option {', '.join(unknown)[:80]}; there are {', '.join(_READING)}")
        content = await _body(request, LARGEST_UPLOAD)
        if not content:
            raise HTTPException(400, f"{name} is empty")
        await run_in_threadpool(session.upload, name, content, options)
        return JSONResponse(await run_in_threadpool(session.describe))

    async def fit(self, request: Request) -> Response:
        """POST /fit {do: start, cancel, adopt, profile or posterior}."""
        session, body = self.writer(request), await _json(request)
        if not isinstance(body.get("do"), str):
            raise HTTPException(400, "do must be start, cancel, adopt, profile or posterior")
        await run_in_threadpool(session.command_fit, body["do"])
        return JSONResponse(await run_in_threadpool(session.describe))

    async def fit_figure(self, request: Request) -> Response:
        """GET /figures/name: a figure of the last fit, as SVG."""
        figure = self.session(request).fit.figures.get(request.path_params["name"])
        if figure is None:
            raise HTTPException(404, "the last fit has no such figure")
        return Response(figure, media_type="image/svg+xml")

    async def export(self, request: Request) -> Response:
        """GET /export/name: run.toml, run.zip, script.py, report.txt, or <panel>.csv, .svg, .pdf, .png."""
        session, name = self.session(request), request.path_params["name"]
        content, kind = await run_in_threadpool(_exported, session, name, "compare" in request.query_params)
        headers = {"content-disposition": f'attachment; filename="{safe_name(name)}"'}
        return Response(content, media_type=kind, headers=headers)


def _exported(session, name, compare):
    state = session.journal.state
    stem, _, ending = name.partition(".")
    if name == "run.toml":
        return documents.run_text(state), "application/toml"
    if name == "share.toml":
        return documents.run_text(documents.without_data(state)), "application/toml"
    if name == "run.zip":
        return documents.run_archive(state), "application/zip"
    if name == "script.py":
        return documents.python_script(state), "text/x-python"
    if name == "report.txt" and session.fit.result:
        return session.fit.result["report"], "text/plain"
    if name == "posterior.csv":
        if not session.fit.samples:
            raise HTTPException(404, "there are no samples of a posterior; ask for them in the view Fit")
        return session.fit.samples, "text/csv"
    if ending == "csv":
        return session.table(stem, compare), "text/csv"
    kinds = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}
    if ending not in kinds:
        raise HTTPException(404, "there are run.toml, run.zip, script.py, and .csv, .svg, .pdf, .png of each panel")
    return session.figure(stem, ending, compare), kinds[ending]


def _static(name):
    folder = files("glasstunnel.explorer") / "page"
    known = {path.name: path for place in (folder, folder / "vendor") for path in place.iterdir() if path.is_file()}
    if name not in known:
        raise HTTPException(404, "the page has no such file")
    return Response(known[name].read_bytes(), media_type=_KINDS.get(name.rsplit(".", 1)[-1], "text/plain"))


async def _body(request, limit):
    """The body of a request; 413 as soon as it is longer than `limit`."""
    stated = request.headers.get("content-length", "0")
    if not stated.isdecimal() or int(stated) > limit:
        raise HTTPException(413, f"at most {limit / 1e6:g} MB are taken at once")
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > limit:
            raise HTTPException(413, f"at most {limit / 1e6:g} MB are taken at once")
    return bytes(content)


async def _json(request):
    return _parsed(await _body(request, _LARGEST_REQUEST))


def _parsed(content):
    try:
        value = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"no valid JSON: {str(error)[:100]}") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "a JSON object is needed")
    return value


def _refuse(name):
    raise ValueError(f"{name} is no number")


async def _error_response(request: Request, error: Exception) -> Response:
    """Every error is one sentence."""
    if isinstance(error, HTTPException):
        if request.url.path.endswith("/") and request.method == "GET":
            return PlainTextResponse(f"glasstunnel explore: {error.detail}\n", error.status_code)
        words = {404: "there is nothing at this address", 405: "this address takes another method"}
        plain = error.detail in ("Not Found", "Method Not Allowed")
        detail = words[error.status_code] if plain else str(error.detail)
        return JSONResponse({"error": detail}, error.status_code, headers=error.headers)
    if isinstance(error, GlassTunnelError):
        return JSONResponse({"error": " ".join(str(error).split())}, 422)
    words = f"defect, please report it with what you did: {type(error).__name__}: {error}"
    return JSONResponse({"error": words[:400]}, 500)


class _Hosts:
    """Answers under the names it is meant for, as Starlette checks them; says what to do under any other."""

    def __init__(self, app: Any, allowed: tuple[str, ...]):
        self.app = app
        self.check = TrustedHostMiddleware(self._note, allowed_hosts=list(allowed), www_redirect=False)

    async def _note(self, scope, receive, send):
        scope["glasstunnel.trusted"] = True

    async def __call__(self, scope, receive, send):
        async def unsent(message):
            pass

        await self.check(scope, receive, unsent)
        if scope.get("glasstunnel.trusted"):
            return await self.app(scope, receive, send)
        name = Request(scope).headers.get("host", "")[:80]
        words = f"this explorer is not asked as {name!r}; if the name is right, start it with --allow-host and the name"
        await JSONResponse({"error": words}, 400)(scope, receive, send)


class _Headers:
    """Says on every answer what a browser may do with it."""

    def __init__(self, app: Any, ancestors: str):
        self.app, self.policy = app, _POLICY.format(ancestors=ancestors)

    async def __call__(self, scope, receive, send):
        async def sending(message):
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"], (b"content-security-policy", self.policy.encode()),
                    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-store"), (b"cross-origin-resource-policy", b"same-origin"),
                ]  # fmt: skip
            await send(message)

        await self.app(scope, receive, sending)


def make_app(
    sessions: Sessions, *, hosts: tuple[str, ...] = ("127.0.0.1", "localhost"), cookie: str = "glasstunnel",
    base_url: str = "/", origins: tuple[str, ...] = (), ancestors: str = "'none'",
) -> Starlette:
    """The application. hosts : what the header Host may say. base_url : a prefix that a proxy does not take away.

    origins : of pages behind a proxy. ancestors : pages that may frame ours, as in a notebook.
    """
    app = App(sessions, cookie, base_url, origins)
    routes = [
        Route("/", app.page), Route("/static/{name}", app.static), Route("/session", app.describe),
        Route("/catalog", app.catalog), Route("/events", app.events), Route("/actions", app.act, methods=["POST"]),
        Route("/curves", app.curves, methods=["POST"]), Route("/bands", app.bands, methods=["POST"]),
        Route("/upload", app.upload, methods=["POST"]),
        Route("/fit", app.fit, methods=["POST"]), Route("/figures/{name}", app.fit_figure),
        Route("/export/{name}", app.export),
    ]  # fmt: skip
    base = "/" + base_url.strip("/")
    mounted = [Mount(base, routes=routes), *routes] if base != "/" else routes
    handlers: dict[Any, Any] = dict.fromkeys((HTTPException, GlassTunnelError, Exception), _error_response)
    middleware = [Middleware(_Headers, ancestors=ancestors), Middleware(_Hosts, allowed=hosts)]
    return Starlette(routes=mounted, middleware=middleware, exception_handlers=handlers)
