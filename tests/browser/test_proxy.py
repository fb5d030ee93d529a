"""Behind a proxy with a base URL, as JupyterHub has one; with the prefix taken away, and with it left in place."""

import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import moved_charts, wait_for_charts
from tests.browser.test_explore import slider

PREFIX = "/user/ann/proxy/explore"


class _Plain(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # redirects are for the browser


def proxy_handler(target, strips):
    """A small reverse proxy: host and origin stay those of the proxy."""
    opener = urllib.request.build_opener(_Plain, urllib.request.ProxyHandler({}))

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def _pass(self):
            if not self.path.startswith(PREFIX + "/"):
                return self.send_error(404)
            path = self.path[len(PREFIX):] if strips else self.path
            body = self.rfile.read(int(self.headers.get("content-length", 0))) or None
            request = urllib.request.Request(target + path, body, dict(self.headers), method=self.command)
            try:
                answer = opener.open(request)
            except urllib.error.HTTPError as error:
                answer = error
            content = answer.read()
            self.send_response(answer.status)
            for key, value in answer.headers.items():
                if key.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(key, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _pass

    return Handler


@pytest.mark.parametrize("strips", [True, False])
def test_the_page_works_under_a_base_url(start, visit, strips):
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads, server.block_on_close = True, False
    port = server.server_address[1]
    explorer = start(None, base_url="/" if strips else PREFIX, allow_hosts=(f"localhost:{port}",))
    inner, _, token = explorer.url.partition("/?token=" if strips else f"{PREFIX}/?token=")
    server.RequestHandlerClass = proxy_handler(inner, strips)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        page = visit(f"http://localhost:{port}{PREFIX}/?token={token}")
        before = wait_for_charts(page, 4)
        slider(page, "ats.density").focus()
        page.keyboard.press("ArrowRight")
        moved_charts(page, before)
        expect(page.get_by_role("button", name="undo")).to_be_enabled()
        assert all(url.startswith(f"http://localhost:{port}{PREFIX}/") for url in page.asked) and not page.said
    finally:
        server.shutdown()
        server.server_close()
