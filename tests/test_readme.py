"""What the README claims: its two lines, its commands, its map."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PASTE = dict(re.findall(r"<!-- paste: (\w+) -->\n```sh\n([^\n]+)\n```", README))
COMMANDS = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith(".venv/bin/python main.py")]
LEFT_OUT = {"__pycache__", "tempo_desk.egg-info", "runs", "scratch"}


def packages(line):
    return set(re.search(r"apt-get install -y ([^&]+)", line)[1].split())


def test_there_are_two_lines_and_each_is_complete():
    assert set(PASTE) == {"window", "tests"}
    for line in PASTE.values():
        assert subprocess.run(["bash", "-n", "-c", line], check=False).returncode == 0
        assert "-m venv .venv" in line
        assert "pip install -e" in line
    assert PASTE["window"].endswith("main.py --sample")
    assert "python -m pytest" in PASTE["tests"]
    assert packages(PASTE["window"]) < packages(PASTE["tests"])


def test_ci_runs_the_very_line_of_the_readme(tmp_path):
    """With the line's own commands replaced by one that shows what was run."""
    (tmp_path / ".ci").mkdir()
    script = tmp_path / ".ci" / "run"
    script.write_text((ROOT / ".ci" / "run").read_text())
    (tmp_path / "README.md").write_text(README.replace(PASTE["tests"], "echo the readme line && false"))
    done = subprocess.run(["bash", script], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["+ echo the readme line && false", "the readme line"]
    assert done.returncode != 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_is_understood(command):
    words = shlex.split(command)[2:]
    parser, arguments = main.window_parser(), words
    if words[:1] and words[0] in main.COMMANDS:
        parser, arguments = main.COMMANDS[words[0]][0](), words[1:]
    assert parser.parse_args(arguments)


def test_every_option_of_ask_is_shown_somewhere():
    options = {option for action in main.ask_parser()._actions for option in action.option_strings}
    assert all(option in README for option in options - {"-h", "--help", "--debug"})


def test_the_map_is_the_tree():
    tree = README.split("```\nmain.py", 1)[1].split("```")[0]
    drawn = {match[1] for match in re.finditer(r"^(\w+)/", tree, re.M)}
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - LEFT_OUT
    assert drawn == there
    for room in ("engine", "app"):
        section = re.search(rf"^{room}/.*?(?=^\w)", tree, re.M | re.S)[0]
        drawn = {match[1] for match in re.finditer(r"^  (\w+)/", section, re.M)}
        assert drawn == {path.parent.name for path in (ROOT / room).glob("*/__init__.py")}
        files = {match[1] for match in re.finditer(r"^  (\w+\.py)", section, re.M)}
        assert all((ROOT / room / name).is_file() for name in files)


def test_what_is_linked_is_there():
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert any(path.startswith("docs/screens/") for path in linked)
    assert [path for path in linked if not (ROOT / path).exists()] == []
