"""What a command writes: whole or not at all, never over what is not its own, and no text of a user is interpreted."""

import csv
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.commands import BK7, assert_one_sentence, run, shell, without_progress

from glasstunnel.cli.output import OutputError, output_folder
from glasstunnel.files import as_json, staging_folder, write_csv

EXAMPLES = Path(__file__).parents[2] / "examples"
CURIE = str(EXAMPLES / "curie_pb6051.toml")


def curie(folder, *changes):
    """A run file in `folder` like the example, its data beside it, with (old, new) text changed."""
    data = "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
    shutil.copy(EXAMPLES / "data" / data, folder / data)
    text = Path(CURIE).read_text(encoding="utf-8").replace(f"data/{data}", data)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "run.toml").write_text(text, encoding="utf-8")
    return str(folder / "run.toml")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished result, to be copied."""
    folder = tmp_path_factory.mktemp("finished")
    assert shell("fit", CURIE, "-o", str(folder / "out")).returncode == 0
    return folder / "out"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_text_of_a_user_is_never_interpreted(capsys, tmp_path):
    title = 'x $\\\\frac{ and $ <script>alert(1)</script> \\u001b[31mred'
    named = ("[glass]", f'[glass]\nname = "{title}"')
    path = curie(tmp_path, ("pb6051: effective spins 1/2 above 4.5 K", title), named)
    code, out, err = run(capsys, "fit", path, "-o", str(tmp_path / "out"))
    assert code == 0 and "\x1b" not in out + err
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_model_may_be_called_anything(capsys, tmp_path):
    text = (EXAMPLES / "erbium_which_spin.toml").read_text(encoding="utf-8")
    text = text.replace('file = "data/', f'file = "{EXAMPLES.as_posix()}/data/')
    first = text.split("[models.")[1].split("]")[0].split(".")[0]
    (tmp_path / "run.toml").write_text(text.replace(f"[models.{first}", "[models.\'../=1$x$ \\frac{\'"))
    code, _out, err = run(capsys, "compare", str(tmp_path / "run.toml"), "-o", str(tmp_path / "out"))
    assert code == 0 and "defect" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "run.toml"]


def test_a_dollar_in_the_name_of_a_glass_is_drawn(capsys, tmp_path):
    glass = tmp_path / "glass.toml"
    glass.write_text(
        '[glass]\nname = "5 $ \\\\frac{ $"\ncontributions.a = {type = "LarmorDiamagnetism", susceptibility = 1}')
    arguments = ("curve", "magnetization", "--glass", str(glass), "--temperature", "2:9:3")
    assert run(capsys, *arguments, "--field", "1,2", "-o", str(tmp_path / "a.png"))[0] == 0
    assert run(capsys, *arguments, *BK7, "--field", "1", "-o", str(tmp_path / "b.svg"))[0] == 0


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+x", "-x", "\tx"])
def test_a_spreadsheet_calculates_nothing(text):
    stream = io.StringIO()
    write_csv(stream, {text: [text, "-1.5"]})
    assert list(csv.reader(io.StringIO(stream.getvalue()))) == [["\'" + text], ["\'" + text], ["-1.5"]]


def test_terminal_escapes_in_a_message_are_shown_as_codes(capsys):
    assert_one_sentence(run(capsys, "show", "x\x1b[2J\x9b"), "\\x1b[2J\\x9b")


def test_force_leaves_alone_what_the_program_did_not_write(capsys, tmp_path, finished):
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    for mark in ('{"tables": ["precious.csv"]}', '{"written_by": "another program", "tables": ["precious.csv"]}'):
        (out / "precious.csv").write_text("1")
        (out / "result.json").write_text(mark)
        before = contents(out)
        assert_one_sentence(run(capsys, "fit", CURIE, "-o", str(out), "--force"), "not written by glasstunnel")
        assert contents(out) == before


def test_a_table_of_a_stranger_stays_and_the_result_takes_another_name(capsys, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("Fit-pb6051.csv", "mine.csv"):
        (out / name).write_text("mine")
    assert run(capsys, "fit", CURIE, "-o", str(out), "--force")[0] == 0
    assert (out / "Fit-pb6051.csv").read_text() == (out / "mine.csv").read_text() == "mine"
    assert "fit-pb6051-2.csv" in json.loads((out / "result.json").read_text(encoding="utf-8"))["tables"]
    assert (out / "fit-pb6051-2.csv").exists()


def test_datasets_called_like_other_tables_lose_none(capsys, tmp_path):
    """The tables of all datasets of an observable and of the correlations have names that a dataset may have, too."""
    path = curie(tmp_path, ("pb6051\"\nsteps", "magnetization\"\nsteps"))
    text = Path(path).read_text(encoding="utf-8")
    data = text[text.index("[[data]]"):text.index("[vary]")]
    more = [data.replace('"magnetization"', f'"{name}"') for name in ("Magnetization", "correlation")]
    offset = '[vary]\ndata.correlation.offset = {prior = "normal", mean = 0, sigma = 1}'
    Path(path).write_text(text.replace("[vary]", "".join([*more, offset])), encoding="utf-8")
    assert run(capsys, "fit", path, "-o", str(tmp_path / "out"))[0] == 0
    tables = json.loads((tmp_path / "out" / "result.json").read_text())["tables"]
    assert len({name.casefold() for name in tables}) == len(tables) == 5
    assert {"fit-magnetization.csv", "fit-magnetization-2.csv", "fit-Magnetization-3.csv"} < set(tables)
    assert {path.name for path in (tmp_path / "out").glob("*.csv")} == set(tables)


def test_calibrate_overwrites_no_other_result_and_removes_no_file_of_a_stranger(capsys, tmp_path, finished):
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    command = ("calibrate", CURIE, "-n", "20", "--workers", "1", "-o", str(out))
    assert_one_sentence(run(capsys, *command), "already holds files")
    (out / "simulations.jsonl").write_text("mine")
    before = contents(out)
    assert_one_sentence(run(capsys, *command), "already holds files")
    assert_one_sentence(run(capsys, *command, "--force"), "simulations.jsonl was not written by glasstunnel")
    assert contents(out) == before


def test_outputs_that_are_inputs_are_refused(capsys, tmp_path, finished):
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / "run.toml").write_text(Path(curie(tmp_path)).read_text().replace("mpmsxl", "../mpmsxl"))
    table = out / "fit-pb6051.csv"
    os.replace(tmp_path / "mpmsxl_pb6051_MvsT_0p1T.dc.dat", table)
    (tmp_path / "mpmsxl_pb6051_MvsT_0p1T.dc.dat").hardlink_to(table)
    before = contents(out)
    assert_one_sentence(run(capsys, "fit", str(tmp_path / "run.toml"), "-o", str(out), "--force"), "is read by")
    measured = tmp_path / "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
    assert_one_sentence(run(capsys, "init", str(measured), "-o", str(measured), "--force"), "is read by")
    assert contents(out) == before


def test_links_are_not_followed(capsys, tmp_path, finished):
    out, precious = tmp_path / "out", tmp_path / "precious"
    shutil.copytree(finished, out)
    precious.write_text("mine")
    (out / "report.html").unlink()
    (out / "report.html").symlink_to(precious)
    assert_one_sentence(run(capsys, "fit", CURIE, "-o", str(out), "--force"), "is a link")
    (tmp_path / "link").symlink_to(out)
    assert_one_sentence(run(capsys, "fit", CURIE, "-o", str(tmp_path / "link"), "--force"), "is a link")
    picture = tmp_path / "picture.png"
    picture.symlink_to(precious)
    drawn = run(capsys, "curve", "magnetization", *BK7, "--temperature", "2:9:3", "-o", str(picture), "--force")
    assert drawn[0] == 0 and not picture.is_symlink()
    assert precious.read_text() == "mine"


def test_a_second_run_into_the_same_folder_is_refused(capsys, tmp_path):
    out = tmp_path / "out"
    with output_folder(out, force=False):
        for more in ((), ("--force",)):
            assert_one_sentence(run(capsys, "fit", CURIE, "-o", str(out), *more), "another run works")
    assert not out.exists(), "a folder to which nothing was written is taken away again"
    assert run(capsys, "fit", CURIE, "-o", str(out))[0] == 0


def test_two_runs_at_once_leave_one_whole_result(tmp_path):
    command = [sys.executable, "-m", "glasstunnel", "fit", CURIE, "-o", str(tmp_path / "out")]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate()[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 2], errors
    assert json.loads((tmp_path / "out" / "result.json").read_text())["tables"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_the_earlier_result_and_names_the_file(tmp_path, finished):
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    before = contents(out)

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    result = shell("fit", CURIE, "-o", str(out), "--force", preexec_fn=little_room)
    assert_one_sentence((result.returncode, result.stdout, result.stderr), str(out / "report.html"))
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_is_left_where_writing_fails(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(KeyboardInterrupt), staging_folder(tmp_path / "out") as part:
        (part / "half").write_text("")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["out"] and not contents(tmp_path / "out")


def ended_process():
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_over(folder, name, number, mark=True):
    """What a killed run leaves beside its output."""
    with staging_folder(folder / name) as part:
        kept = folder / f".{name}.{number}.part"
        shutil.copytree(part, kept)
    (kept / "half").write_text("")
    if not mark:
        (kept / ".glasstunnel").unlink()
    return kept


def test_what_a_killed_run_left_is_removed_by_the_next_one_and_nothing_else(tmp_path):
    (tmp_path / "out").mkdir()
    gone, dead, alive = left_over(tmp_path, "out", ended_process()), ended_process(), os.getppid()
    kept = [left_over(tmp_path, "out", alive), left_over(tmp_path, "out", dead, mark=False),
            left_over(tmp_path, "out", "x")]  # fmt: skip
    (tmp_path / "other").mkdir()
    kept.append(left_over(tmp_path, "other", dead))
    elsewhere = left_over(tmp_path, "out", ended_process())
    (elsewhere / ".glasstunnel").write_text("glasstunnel, unfinished output of a run on another machine\n")
    link = tmp_path / f".out.{ended_process()}.part"
    link.symlink_to(kept[-1])
    with staging_folder(tmp_path / "out"):
        pass
    assert not gone.exists() and link.is_symlink()
    assert all((part / "half").exists() for part in (*kept, elsewhere))


def test_a_folder_that_holds_nothing_but_what_a_killed_run_left_is_free(tmp_path):
    (tmp_path / "out").mkdir()
    part = left_over(tmp_path, "out", ended_process())
    part.rename(tmp_path / "out" / part.name)
    with output_folder(tmp_path / "out", force=False) as folder:
        assert not any(folder.iterdir())


def test_an_output_that_is_a_file_or_a_folder_in_the_wrong_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file"), output_folder(tmp_path / "file", force=True):
        pass


@pytest.mark.slow
def test_a_run_killed_at_any_point_leaves_the_earlier_result_whole(tmp_path, finished):
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    earlier = contents(out)
    command = [sys.executable, "-m", "glasstunnel", "fit", CURIE, "-o", str(out), "--force"]
    for tenths in range(1, 11):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(0.15 * tenths)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert set(contents(out)) == set(earlier)
        json.loads((out / "result.json").read_text())
        assert (out / "report.html").read_text().rstrip().endswith("</html>")
    assert as_json(json.loads((out / "result.json").read_text())["tables"])
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "the next run takes away what the killed ones left"


FULL_DISK = """
set -e
mount -t tmpfs -o size=4m none disk
mkdir -p {out}
cp finished/* {out}
head -c 100000000 /dev/zero > disk/filler 2>/dev/null || true
truncate -s -{room} disk/filler
code=0; "$@" -o {out} --force 2> message || code=$?
diff -r -x filler finished {out} > difference || true
ls -A disk > listing
rm disk/filler
"$@" -o {out} --force > /dev/null
exit $code
"""


@pytest.mark.slow
@pytest.mark.parametrize(("out", "room"), [
    ("disk/out", 20_000), ("disk/out", 0), ("disk", 60_000),
])  # fmt: skip
def test_a_disk_that_is_really_full_leaves_the_earlier_result_whole(tmp_path, finished, out, room):
    """A tmpfs in a mount namespace of its own, with some room left; with room made, the same command goes through."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0:
        pytest.skip("a disk of its own needs 'unshare -rm', which this system does not allow")
    (tmp_path / "disk").mkdir()
    shutil.copytree(finished, tmp_path / "finished")
    command = [sys.executable, "-m", "glasstunnel", "fit", CURIE]
    done = subprocess.run(["unshare", "-rm", "sh", "-c", FULL_DISK.format(out=out, room=room), "sh", *command],
                          cwd=tmp_path, capture_output=True, text=True)  # fmt: skip
    message = without_progress((tmp_path / "message").read_text())
    assert done.returncode == 2, (done.stderr, message)
    assert message.startswith("glasstunnel: ") and "No space left" in message and message.count("\n") == 1
    assert f"{out}/" in message or f"{out}:" in message
    assert (tmp_path / "difference").read_text() == ""
    kept = {"out"} if out == "disk/out" else {path.name for path in finished.iterdir()}
    assert set((tmp_path / "listing").read_text().split()) == {"filler", *kept}
