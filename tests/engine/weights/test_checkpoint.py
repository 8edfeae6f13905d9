"""The published layout is read whole, and whatever is wrong with a folder is one plain sentence."""

import json
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.weights.catalogue import locate
from engine.weights.checkpoint import Sizes, read_config
from tests.parity.oracle import tempo_folder, variant


def test_the_published_layout():
    config = read_config(tempo_folder())
    assert config.base_folder.resolve() == tempo_folder().parent.resolve() / "tiny-qwen3-vl"
    assert (config.memory_tokens, config.projector, config.context_limit) == (128, "linear", 16384)
    assert (config.compressor_width, config.decoder_width, config.tied) == (64, 96, False)
    assert config.eos_ids == (420,)
    assert config.once_ids == ()
    assert config.sizes == Sizes()
    assert config.things == ()


def test_sizes_and_things_of_a_small_model(tmp_path):
    folder = variant(tmp_path, config=lambda content: content.update(tempo={"frames_per_segment": 4, "sample_fps": 1}))
    (folder / "knows.json").write_text(json.dumps({"things": ["apple", "kite"]}))
    config = read_config(folder)
    assert (config.sizes.frames_per_segment, config.sizes.sample_fps, config.sizes.budget) == (4, 1, 8192)
    assert config.things == ("apple", "kite")


WRONG = {
    "type": ({"model_type": "llava"}, "of type llava"),
    "no towers": ({"mm_vision_tower_aux_list": []}, "exactly one base model"),
    "absent base": ({"mm_vision_tower_aux_list": ["nobody/nothing"]}, "nobody/nothing .* not on this machine"),
    "odd base": ({"mm_vision_tower_aux_list": ["../../no such folder"]}, "not on this machine"),
    "no memory": ({"num_compression_tokens": 0}, "gives 0 for num_compression_tokens"),
    "width": ({"mm_hidden_size": 65}, "65 wide"),
    "image tokens": ({"mm_use_im_start_end": True}, "image tokens"),
    "unknown size": ({"tempo": {"fps": 2}}, "unknown fields under tempo: fps"),
    "negative size": ({"tempo": {"budget": -1}}, "-1 for tempo.budget"),
    "worded size": ({"tempo": {"budget": "much"}}, "'much' for tempo.budget"),
    "true as size": ({"tempo": {"k_min": True}}, "True for tempo.k_min"),
    "list of sizes": ({"tempo": [1]}, "no object under the key tempo"),
    "named but absent": ({"tempo": {"knows": "world.json"}}, "no world.json"),
}


@pytest.mark.parametrize(("change", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_config(tmp_path, change, words):
    folder = variant(tmp_path, config=lambda content: content.update(change))
    with pytest.raises(ModelError, match=words):
        read_config(folder)


FIELDS = ("mm_vision_tower_aux_list", "num_compression_tokens", "mm_projector_type", "mm_hidden_size")


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field(tmp_path, field):
    folder = variant(tmp_path, config=lambda content: content.pop(field))
    with pytest.raises(ModelError, match=f"does not say {field}"):
        read_config(folder)


def test_a_wrong_base(tmp_path):
    folder = variant(tmp_path, base=lambda content: content.update(model_type="qwen2_vl"))
    with pytest.raises(ModelError, match="of type qwen2_vl"):
        read_config(folder)


def test_files_that_are_missing_or_no_json(tmp_path):
    with pytest.raises(ModelError, match="There is no model folder"):
        read_config(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"has no config\.json"):
        read_config(tmp_path)
    (tmp_path / "config.json").write_text("[1]")
    with pytest.raises(ModelError, match="holds no JSON object"):
        read_config(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read"):
        read_config(tmp_path)


def test_models_are_found_by_name_or_folder(tmp_path):
    located = locate(tempo_folder())
    assert (located.name, located.folder, located.bundled) == ("tiny-tempo", Path(tempo_folder()).resolve(), False)
    with pytest.raises(ModelError, match="neither a model that this program knows nor a folder"):
        locate(str(tmp_path / "nowhere"))
