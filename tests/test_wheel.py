"""The wheel has all a user needs: installed elsewhere, `glasstunnel demo` works in an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def run(*arguments, cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=cwd, env=os.environ | environment, capture_output=True,
        text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network from the files as they stand."""
    folder = tmp_path_factory.mktemp("wheel")
    run("pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT, cwd=folder)
    (path,) = folder.glob("glasstunnel-*.whl")
    return path


def test_the_wheel_holds_every_file_of_the_package(wheel):
    package = ROOT / "src" / "glasstunnel"
    files = {str(path.relative_to(package.parent)) for path in package.rglob("*")
             if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    assert files <= set(zipfile.ZipFile(wheel).namelist())


def test_the_demo_runs_from_an_installed_wheel_in_an_empty_folder(wheel, tmp_path):
    """The libraries are those of this environment; the package itself stands nowhere but in its own folder."""
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    run("pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel, cwd=tmp_path)
    found = run("glasstunnel", "--version", cwd=empty, PYTHONPATH=str(site))
    assert found.startswith("glasstunnel")
    table = run("glasstunnel", "demo", cwd=empty, PYTHONPATH=str(site))
    assert "Er3+ per formula unit" in table
    assert (empty / "demo-output" / "report.html").stat().st_size > 100_000
    where = subprocess.run(
        [sys.executable, "-c", "import glasstunnel; print(glasstunnel.__file__)"], cwd=empty, text=True,
        env=os.environ | {"PYTHONPATH": str(site)}, capture_output=True, check=True,
    )
    assert where.stdout.startswith(str(site))
