"""A notebook on this machine may frame the explorer when it was asked for; no other page may."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import enter

import glasstunnel as gt


@pytest.fixture
def notebook():
    """notebook(html): the port of a server whose page shows that."""
    servers = []

    def showing(html):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode())

        servers.append(ThreadingHTTPServer(("0.0.0.0", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1].server_address[1]

    yield showing
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_frame_is_drawn_in_a_local_notebook_alone_and_link_and_frame_are_one_session(chromium, notebook, monkeypatch,
                                                                                       tmp_path):  # fmt: skip
    monkeypatch.setenv("GLASSTUNNEL_STATE", str(tmp_path))
    explorer = gt.explore(gt.published("002.T14.BK7.M"), height=600)
    plain = gt.explore(gt.published("002.T14.BK7.M"))
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(f"http://localhost:{notebook(explorer._repr_html_())}/")
        frame = page.frame_locator("iframe")
        expect(frame.locator(".canvas[data-drawn]").first).to_be_visible()
        linked = context.new_page()
        linked.goto(explorer.url)
        expect(linked.locator(".canvas[data-drawn]").first).to_be_visible()
        entry = linked.get_by_label("ats.density in 1/kg")
        enter(entry, "3e19")
        expect(frame.get_by_label("ats.density in 1/kg")).to_have_value("3e+19")
        assert explorer.glass["ats"].density == 3e19
        foreign = context.new_page()
        foreign.goto(f"http://127.0.0.2:{notebook(explorer._repr_html_())}/")
        refused = context.new_page()
        refused.goto(f"http://localhost:{notebook(f'<iframe src={plain.url!r}></iframe>')}/")
        for closed in (foreign, refused):
            closed.wait_for_timeout(700)
            expect(closed.frame_locator("iframe").locator(".head")).to_have_count(0)
    finally:
        context.close()
        explorer.stop()
        plain.stop()
