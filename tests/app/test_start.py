"""The window is on screen before anything heavy is imported."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_torch_and_no_transformers_before_the_first_question():
    code = (
        "import sys\n"
        "from app.application import make_application, make_window\n"
        "from app.worker import real_session\n"
        "application = make_application(['t'])\n"
        "window = make_window()\n"
        "window.show()\n"
        "application.processEvents()\n"
        "heavy = [name for name in ('torch', 'transformers', 'av', 'cv2', 'pyqtgraph') if name in sys.modules]\n"
        "window.close()\n"
        "print('heavy:', heavy, 'stopped:', window.stopped)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert "heavy: [] stopped: True" in done.stdout, done.stdout + done.stderr
