"""Settings that were kept: read back, refused in words, never a crash."""

import pytest
from PySide6.QtCore import QSettings

from app.settings.store import KEPT, SettingsStore
from engine.errors import QuestionError
from engine.settings import KNOBS, Settings

OTHERS = {
    "sample_fps": 0.5, "max_frames": 64, "nearest_keyframe": True, "budget": 4096, "allocation": "uniform",
    "max_new_tokens": 99, "temperature": 0.7, "top_p": 0.9, "seed": 2**31 - 1, "micro_batch": 3, "keep_index": False,
    "prefix_bits": 8, "device_megabytes": 0, "host_megabytes": 10**6, "disk_megabytes": 5,
}  # fmt: skip


@pytest.fixture
def again(tmp_path):
    """Opens the same file, as the next start does."""

    def open_it():
        return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)

    return open_it


def test_everything_that_is_kept_comes_back(again):
    assert set(OTHERS) == set(KEPT)
    kept = again()
    store = SettingsStore(kept)
    assert store.over(Settings()) == Settings()
    for name, value in OTHERS.items():
        store.set(name, value)
    kept.sync()
    restored = SettingsStore(again())
    assert restored.over(Settings(model="tempo-6b", device="cpu", precision="nf4")) == Settings(
        model="tempo-6b", device="cpu", precision="nf4", **OTHERS
    )
    assert restored.notes == ()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("temperature", "hot"), ("temperature", "9"), ("temperature", "nan"), ("budget", "0"), ("budget", "1e9"),
        ("allocation", "fair"), ("keep_index", "perhaps"), ("prefix_bits", "4"), ("seed", ["1", "2"]), ("top_p", ""),
        ("max_frames", "9" * 5000), ("sample_fps", b"\x00\xff"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_the_default_and_said_once(again, name, stored):
    kept = again()
    kept.setValue(f"settings/{name}", stored)
    kept.setValue("settings/max_new_tokens", "77")
    kept.setValue("settings/of_a_later_version", "5")
    kept.sync()
    store = SettingsStore(again())
    assert store.value(name) == KNOBS[name].default
    assert store.value("max_new_tokens") == 77
    (note,) = store.notes
    assert note.startswith("A stored setting cannot be used and is ")
    assert KNOBS[name].label in note
    assert SettingsStore(again()).notes == ()
    assert again().value("settings/of_a_later_version") == "5"


def test_a_file_that_is_no_settings_file_is_the_defaults(tmp_path, again):
    (tmp_path / "window.ini").write_bytes(b"\x00\x01[[[\xff=\n=;;")
    assert SettingsStore(again()).over(Settings()) == Settings()


def test_a_value_out_of_bounds_changes_nothing(again):
    store, heard = SettingsStore(again()), []
    store.changed.connect(heard.append)
    with pytest.raises(QuestionError):
        store.set("budget", 0)
    store.set("budget", None)
    assert (store.value("budget"), heard, store.untouched) == (None, [], True)


def test_the_range_goes_with_the_film_and_is_not_kept(again):
    kept = again()
    store = SettingsStore(kept)
    store.set("range_seconds", (1.0, 2.0))
    kept.sync()
    assert SettingsStore(again()).value("range_seconds") is None
    store.set("seed", 4)
    before = store.reset_all()
    assert (store.value("range_seconds"), store.value("seed")) == ((1.0, 2.0), 0)
    store.restore(before)
    assert store.value("seed") == 4
    assert again().allKeys() == ["settings/seed"]
