"""What may be imported where, tried in fresh processes: the engine is light, and knows no Qt."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "transformers", "av", "cv2", "PySide6", "rich")


def run(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def test_importing_loads_nothing_heavy():
    done = run(
        f"import sys, engine, engine.session, engine.ingest, engine.record_json, main\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_help_is_fast_and_loads_nothing_heavy():
    done = run(
        f"import sys, main\ntry:\n    main.main(['--help'])\nexcept SystemExit as end:\n"
        f"    print('exit', end.code, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert done.stdout.splitlines()[-1] == "exit 0 []", done.stderr


def test_a_question_is_answered_where_qt_cannot_be_imported(small_tempo, short_film):
    blocked = (
        "import sys\n"
        "for name in ('PySide6', 'shiboken6', 'pyqtgraph', 'qtawesome', 'app'): sys.modules[name] = None\n"
        "import main\n"
        "sys.exit(main.main(sys.argv[1:]))"
    )
    done = run(blocked, "ask", str(short_film), "When?", "--model", str(small_tempo), "--budget", "60", "--frames", "8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_triton_stays_out_of_a_process_without_a_card():
    """Its LLVM and Mesa's end a process together (tests/engine/test_libraries.py); without a card nothing needs it."""
    done = run(
        "import os, sys\n"
        "os.environ['CUDA_VISIBLE_DEVICES'] = ''\n"
        "from engine.cancel import CancelToken\n"
        "from engine.libraries import libraries_loaded\n"
        "tuple(libraries_loaded(CancelToken()))\n"
        "print([name for name, module in sys.modules.items() if name.split('.')[0] == 'triton' and module])"
    )
    assert done.stdout.strip() == "[]", done.stderr
