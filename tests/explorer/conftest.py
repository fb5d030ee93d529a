"""An explorer for tests: its state goes to a temporary folder, its processes end with the test."""

import pytest
from starlette.testclient import TestClient

from glasstunnel.explorer.journal import Journal, new_folder
from glasstunnel.explorer.opening import open_subject
from glasstunnel.explorer.server import Sessions, make_app


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSTUNNEL_STATE", str(tmp_path / "state"))


@pytest.fixture
def make_sessions():
    made = []

    def make(subject=None):
        opened = open_subject(subject)
        made.append(Sessions(lambda: opened, Journal(new_folder(), opened), "t" * 32))
        return made[-1]

    yield make
    for sessions in made:
        sessions.end()


def client_of(sessions, **options):
    """A browser that has come with the token."""
    client = TestClient(make_app(sessions, hosts=("testserver",), **options), headers={"x-glasstunnel": "1"},
                        raise_server_exceptions=False)  # fmt: skip
    assert client.get(f"/?token={sessions.token}").status_code == 200
    return client


@pytest.fixture
def client(make_sessions):
    return client_of(make_sessions())
