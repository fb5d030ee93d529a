"""The server is closed by default, refuses what is broken in one sentence, and keeps people apart."""

import hashlib
import json
import re
from importlib.resources import files

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.explorer.conftest import client_of

from glasstunnel.explorer.actions import ACTIONS
from glasstunnel.explorer.server import make_app


def test_the_token_opens_a_session_and_becomes_a_strict_cookie(make_sessions):
    sessions = make_sessions()
    client = TestClient(make_app(sessions, hosts=("testserver",)))
    for path in ("/", "/session", "/catalog", "/events", "/export/run.toml", "/figures/correlation"):
        refused = client.get(path)
        assert refused.status_code == 403 and "address that 'glasstunnel explore' printed" in refused.text, path
    answer = client.get(f"/?token={sessions.token}", follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "./"
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert client.get("/session").json()["name"] == "BK7 (002.T14.BK7.M)"
    assert client.get("/session").headers["content-security-policy"].startswith("default-src 'self';")


def test_a_program_may_show_the_token_with_each_request(make_sessions):
    sessions = make_sessions()
    bare = TestClient(make_app(sessions, hosts=("testserver",)))
    assert bare.get(f"/session?token={sessions.token}").status_code == 200
    assert bare.get("/session", headers={"authorization": f"Bearer {sessions.token}"}).status_code == 200
    assert bare.get("/session?token=wrong").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "127.0.0.1.nip.io", ""])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/session", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("headers", [
    {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://testserver:8080"},
])
def test_a_foreign_origin_changes_nothing(client, headers):
    refused = client.post("/actions", json={"do": "undo"}, headers=headers)
    assert refused.status_code == 403 and "are not answered" in refused.json()["error"]


def test_a_form_of_another_page_cannot_act(client):
    del client.headers["x-glasstunnel"]
    assert client.post("/actions", content='{"do": "undo"}').status_code == 403


def test_an_upload_is_limited_and_its_name_leads_nowhere(client, monkeypatch, tmp_path):
    monkeypatch.setattr("glasstunnel.explorer.server.LARGEST_UPLOAD", 1000)
    refused = client.post("/upload", content=b"x" * 2000, headers={"x-file-name": "a.dat"})
    assert refused.status_code == 413 and "at most" in refused.json()["error"]
    table = b"T (K),B (T),M (emu/g)\n2,1,1e-3\n4,1,5e-4\n8,1,3e-4\n"
    answer = client.post("/upload", content=table, headers={"x-file-name": "..%2F..%2Fetc%2Fpasswd.csv"})
    assert answer.status_code == 200
    assert [row["file"] for row in answer.json()["datasets"]] == ["passwd.csv"]
    assert not list(tmp_path.rglob("etc"))


def test_a_broken_file_is_refused_by_its_reader_in_a_sentence(client):
    refused = client.post("/upload", content=b"\x00\x01\x02" * 50, headers={"x-file-name": "a.dat"})
    assert refused.status_code == 422 and "a.dat" in refused.json()["error"]
    assert "uploads" not in refused.json()["error"]
    assert client.get("/session").json()["datasets"] == []


def test_no_file_is_opened_by_its_path(client):
    text = client.get("/export/run.toml").text + '\n[[data]]\nfile = "/etc/passwd"\nname = "x"\n'
    refused = client.post("/actions", json={"do": "replace", "with": {"text": text}})
    assert refused.status_code == 422 and "no file '/etc/passwd' here" in refused.json()["error"]
    for name in ("../server.py", "%2e%2e/server.py", "..%2fserver.py", "__init__.py"):
        assert client.get(f"/static/{name}").status_code == 404


def test_two_people_do_not_see_each_other(make_sessions):
    sessions = make_sessions()
    one, other = client_of(sessions), client_of(sessions)
    one.post("/actions", json={"do": "title", "with": {"title": "mine"}})
    assert one.get("/session").json()["title"] == "mine"
    assert other.get("/session").json()["title"] == "A first look"
    for _ in range(6):
        client_of(sessions)
    ninth = TestClient(make_app(sessions, hosts=("testserver",))).get(f"/?token={sessions.token}")
    assert ninth.status_code == 429 and "8 people explore here already" in ninth.text


def test_a_base_url_that_a_proxy_leaves_in_place_works_too(make_sessions):
    sessions = make_sessions()
    client = TestClient(make_app(sessions, hosts=("testserver",), base_url="/user/ann/proxy/"))
    assert client.get(f"/user/ann/proxy/?token={sessions.token}").status_code == 200
    assert client.get("/user/ann/proxy/session").status_code == 200


def test_curves_of_all_panels_come_with_their_axes(client):
    answer = client.post("/curves", json={"points": 60}).json()
    again = client.post("/curves", json={"points": 60, "panels": answer["slow"], "patient": True}).json()
    panels = answer["panels"] | again["panels"]
    assert set(panels) == {row["id"] for row in client.get("/session").json()["panels"]}
    assert panels["p1"]["y_label"] == "M [A m²/kg]" and panels["p1"]["x_label"] == "T [K]"
    assert [line["label"] for line in panels["p1"]["lines"]] == ["0.5 T", "2 T", "6.5 T"]
    assert len(panels["p1"]["lines"][0]["y"]) == 60


def test_levels_are_drawn_against_the_field(client):
    told = client.post("/actions", json={"do": "panel_add", "with": {"show": "levels against field"}}).json()
    drawn = client.post("/curves", json={"panels": [told["panels"][-1]["id"]]}).json()["panels"]["p5"]
    labels = [line["label"] for line in drawn["lines"]]
    assert {"ats low, 2 K", "ats middle, 2 K", "ats top, 2 K", "fe2 level 1, 2 K"} <= set(labels)
    assert drawn["x_label"] == "B [T]" and drawn["y_label"] == "E [K]"
    assert client.get("/export/script.py").status_code == 200 and client.get("/export/p5.csv").status_code == 200


def _broken(generator):
    """A request that means nothing."""
    texts = ["", "null", "[]", "{", '{"do": 1}', '{"do": "set"}', '{"do": "set", "with": []}', "\x00", '"x"', "NaN",
             '{"do": "set", "with": {"values": {"ats.density": NaN}}}', "[" * 3000]  # fmt: skip
    actions = [*ACTIONS, "nothing"]
    junk = [None, -1, 3.5, True, "", "ats", "ats.density", [], ["x"], {}, {"a": []}, 1e400, "\ud800", "x" * 5000]
    kind = generator.integers(4)
    if kind == 0:
        paths = ["/actions", "/curves", "/fit"]
        return paths[generator.integers(3)], texts[generator.integers(len(texts))]
    if kind == 1:
        keys = ["panels", "points", "values"]
        wrong = [5, "x", {"a": 1}, -7, 1e9, [["p1"]], "p1"]
        return "/curves", json.dumps({keys[generator.integers(3)]: wrong[generator.integers(len(wrong))]})
    if kind == 2:
        return "/fit", json.dumps({"do": junk[generator.integers(len(junk))]})
    keys = ["values", "path", "role", "kind", "id", "changes", "contribution", "options", "show", "entry", "name",
            "theories", "units", "number", "text", "published", "noise", "steps"]  # fmt: skip
    given = {key: junk[generator.integers(len(junk))] for key in generator.choice(keys, 3, replace=False)}
    return "/actions", json.dumps({"do": actions[generator.integers(len(actions))], "with": given})


@pytest.mark.slow
def test_500_broken_requests_get_a_sentence_and_change_nothing(client):
    generator = np.random.default_rng(3)
    before = client.get("/session").json()
    refused = 0
    for _ in range(500):
        path, body = _broken(generator)
        answer = client.post(path, content=body.encode("utf-8", "surrogatepass"))
        if answer.status_code == 200:  # a few mean something by chance, as no views at all
            if path == "/actions":
                client.post("/actions", json={"do": "undo"})
            continue
        assert 400 <= answer.status_code < 500, (path, body, answer.text)
        assert len(answer.json()["error"].split()) >= 3 and "\n" not in answer.json()["error"]
        refused += 1
    after = client.get("/session").json()
    assert refused > 450
    assert [after[key] for key in ("rows", "panels", "contributions")] == [
        before[key] for key in ("rows", "panels", "contributions")]  # fmt: skip


def test_vendored_files_are_those_of_their_list():
    folder = files("glasstunnel.explorer") / "page" / "vendor"
    listed = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (folder / "README.md").read_text(), re.MULTILINE))
    there = {path.name for path in folder.iterdir() if path.name.endswith((".js", ".css"))}
    assert set(listed) == there
    for name, digest in listed.items():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        assert b"eval(" not in content and b"new Function" not in content


def test_the_page_is_small_and_names_no_other_machine():
    folder = files("glasstunnel.explorer") / "page"
    paths = [*folder.iterdir(), *(folder / "vendor").iterdir()]
    assert sum(len(path.read_bytes()) for path in paths if path.is_file()) < 250_000
    ours = [path for path in folder.iterdir() if path.name.endswith((".js", ".css", ".html"))]
    assert not [path.name for path in ours if "http:" in path.read_text() or "https:" in path.read_text()]


def test_a_foreign_host_is_told_why_and_what_to_do(client):
    refused = client.get("/session", headers={"host": "hub.example:80"})
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("this explorer is not asked as 'hub.example:80'; if the name is right")
    assert "--allow-host" in refused.json()["error"]
    assert refused.headers["content-security-policy"].startswith("default-src 'self';")


TABLE = b"T (K),B (T),M (emu/g)\n2,1,1e-3\n4,1,5e-4\n8,1,3e-4\n"


def test_a_measured_file_called_run_toml_does_not_replace_the_run_file(client):
    import io
    import zipfile

    client.post("/upload", content=TABLE, headers={"x-file-name": "Run.toml"})
    with zipfile.ZipFile(io.BytesIO(client.get("/export/run.zip").content)) as archive:
        assert sorted(archive.namelist()) == ["Run-2.toml", "run.toml"]
        assert b'file = "Run-2.toml"' in archive.read("run.toml") and archive.read("Run-2.toml") == TABLE


@pytest.mark.parametrize("options", [
    "null", "[]", "{", '{"columns": 5}', '{"columns": {"temperature": [99, "K"]}}', '{"delimiter": ""}',
    '{"delimiter": "::"}', '{"delimiter": 5}', '{"decimal": []}', '{"after": {}}', '{"quantity": "nothing"}',
    '{"columns": {"temperature": ["a", 5]}}', '{"columns": {"temperature": [true, "K"]}}', '{"path": "/etc/passwd"}',
])
def test_wrong_reading_options_are_refused_in_a_sentence(client, options):
    refused = client.post("/upload", content=TABLE, headers={"x-file-name": "a.csv", "x-file-options": options})
    assert 400 <= refused.status_code < 500 and len(refused.json()["error"].split()) > 3
    assert client.get("/session").json()["datasets"] == []


def test_no_address_that_is_read_ends_in_a_defect(client):
    for path in ("/events?after=²", "/events?after=-1", "/export/.csv", "/export/%00.csv", "/export/p9.csv",
                 "/export/p1.svgx", "/export/p1.csv%0d%0aX: y", f"/figures/{'x' * 5000}"):  # fmt: skip
        answer = client.get(path)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        assert "x" not in answer.headers
