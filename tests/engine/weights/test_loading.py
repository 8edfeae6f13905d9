"""Checkpoints of every allowed shape load and run; a tensor too many, too few or misshapen is refused by name."""

import json
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.records import Context
from engine.weights.checkpoint import read_config
from engine.weights.device import (
    DEVICES,
    Choice,
    choose_attention,
    choose_device,
    choose_precision,
    devices_here,
    kind_of,
    stands_on,
)
from engine.weights.filling import load_network
from engine.weights.loading import load_model
from engine.weights.network import empty_network
from engine.weights.tensors import Tensors
from tests.parity.oracle import batch_of, golden, tempo_folder, tiny_model, variant

HEAD, EMBEDDING = "lm_head.weight", "model.embed_tokens.weight"
PROJECTOR = "model.mm_projector"
NORM = "model.norm.weight"


def loaded(folder):
    return load_model(folder, device="cpu", precision="fp32")


def answer(model) -> torch.Tensor:
    """Logits for one real segment seen through the whole model."""
    memory = model.compressor.distil(model.compressor.index(batch_of("single_frame_tail")[2:]), "Describe.")[0]
    return model.decoder.logits(Context(ids=(1, -200, -200, 2), memory=memory.tokens[:2]))


def test_every_parameter_is_loaded_once():
    model = tiny_model()
    assert model.info.parameters == 783_920  # what the safetensors header counts
    assert (model.info.device, model.info.precision, model.info.bundled) == ("cpu", "fp32", False)


def test_names_of_the_network_are_names_of_the_checkpoint():
    config = read_config(tempo_folder())
    with Tensors(config.folder) as tensors:
        assert tensors.names == set(empty_network(config).state_dict())


def test_no_tensor_stays_behind_on_meta():
    network = load_network(read_config(tempo_folder()), device="cpu", precision="fp32")
    held = [*network.named_parameters(), *network.named_buffers()]
    assert [name for name, tensor in held if tensor.is_meta] == []


def test_a_tied_head(tmp_path):
    plain = loaded(variant(tmp_path / "plain", tensors=lambda held: held.update({HEAD: held[EMBEDDING].clone()})))
    tie = {"config": lambda content: content.update(tie_word_embeddings=True)}
    tied = loaded(variant(tmp_path / "tied", tensors=lambda held: held.pop(HEAD), **tie))
    torch.testing.assert_close(answer(tied), answer(plain))
    assert tied.info.parameters == plain.info.parameters - 448 * 96
    twice = variant(tmp_path / "twice", tensors=lambda held: held.update({HEAD: held[EMBEDDING].clone()}), **tie)
    torch.testing.assert_close(answer(loaded(twice)), answer(plain))
    with pytest.raises(ModelError, match=r"says its head is tied, but lm_head\.weight differs"):
        loaded(variant(tmp_path / "differs", **tie))


def test_a_deep_projector(tmp_path):
    """Linear, GELU, Linear, where the second is the identity: the logits must be those of a GELU behind the first."""

    def deepen(held):
        for leaf in ("weight", "bias"):
            held[f"{PROJECTOR}.0.{leaf}"] = held.pop(f"{PROJECTOR}.{leaf}")
        held[f"{PROJECTOR}.2.weight"], held[f"{PROJECTOR}.2.bias"] = torch.eye(96), torch.zeros(96)

    deep = loaded(
        variant(tmp_path, config=lambda content: content.update(mm_projector_type="mlp2x_gelu"), tensors=deepen)
    )
    context = Context(ids=(-200, -200), memory=torch.randn(2, 64, generator=torch.Generator().manual_seed(0)))
    expected = torch.nn.functional.gelu(tiny_model().decoder.embed(context))
    assert torch.allclose(deep.decoder.embed(context), expected, atol=1e-6)
    assert torch.isfinite(answer(deep)).all()


@pytest.mark.parametrize(("kind", "words"), [("identity", "64 wide into 96"), ("resampler", "projector resampler")])
def test_a_projector_that_does_not_fit(tmp_path, kind, words):
    with pytest.raises(ModelError, match=words):
        loaded(variant(tmp_path, config=lambda content: content.update(mm_projector_type=kind)))


def test_shards(tmp_path):
    folder = variant(tmp_path)
    held = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = sorted(held)
    files = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for file, part in files.items():
        save_file({name: held[name] for name in part}, folder / file, {"format": "pt"})
    index = {"weight_map": {name: file for file, part in files.items() for name in part}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    torch.testing.assert_close(answer(loaded(folder)), answer(tiny_model()))
    (folder / "b.safetensors").unlink()
    with pytest.raises(ModelError, match=r"has no b\.safetensors"):
        loaded(folder)


def test_the_router_rows_beside_the_model_need_no_base_weights(tmp_path):
    folder = variant(tmp_path)
    base = folder.parent / "tiny-qwen3-vl" / "model.safetensors"
    rows = load_file(base)["model.language_model.embed_tokens.weight"]
    save_file({"yes": rows[286].clone(), "no": rows[273].clone()}, folder / "router.safetensors")  # ids of Yes and No
    base.unlink()
    case = golden()["single_frame_tail"]
    model = loaded(folder)
    memory = model.compressor.distil(model.compressor.index(batch_of("single_frame_tail")[:1]), str(case["query"]))[0]
    assert memory.score == pytest.approx(case["relevance"][0], abs=1e-4)
    save_file({"yes": rows[286].clone()}, folder / "router.safetensors")
    with pytest.raises(ModelError, match="lacks 1 of the model's 2 tensors, first no"):
        loaded(folder)
    (folder / "router.safetensors").unlink()
    with pytest.raises(ModelError, match=r"has no model\.safetensors"):
        loaded(folder)


TENSORS = {
    "too few": (lambda held: held.pop(NORM), r"lacks 1 of the model's \d+ tensors, first model\.norm\.weight"),
    "too many": (lambda held: held.update(extra=torch.zeros(1)), r"no place in the model \(1\), first extra"),
    "misshapen": (lambda held: held.update({NORM: torch.zeros(95)}), r"model\.norm\.weight .* is \(95,\), not \(96,\)"),
}


@pytest.mark.parametrize(("change", "words"), TENSORS.values(), ids=TENSORS)
def test_wrong_tensors(tmp_path, change, words):
    with pytest.raises(ModelError, match=words):
        loaded(variant(tmp_path, tensors=change))


def test_damaged_files(tmp_path):
    folder = variant(tmp_path)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100_000])
    with pytest.raises(ModelError, match="is damaged"):
        loaded(folder)
    (folder / "tokenizer.json").write_text("{}")
    weights.write_bytes((tempo_folder() / "model.safetensors").read_bytes())
    with pytest.raises(ModelError, match=r"tokenizer in .* cannot be read"):
        loaded(folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"has no tokenizer\.json"):
        loaded(folder)


def test_a_config_that_transformers_refuses(tmp_path):
    with pytest.raises(ModelError, match="describes no Qwen3 model"):
        loaded(variant(tmp_path, config=lambda content: content.update(hidden_size="wide")))


def test_a_tokenizer_that_splits_yes(tmp_path):
    folder = variant(tmp_path)
    path = folder.parent / "tiny-qwen3-vl" / "tokenizer.json"
    content = json.loads(path.read_text())
    content["model"]["merges"] = [merge for merge in content["model"]["merges"] if "".join(merge) != "Yes"]
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError, match=r"writes Yes in [23] tokens, not one"):
        loaded(folder)


def test_bfloat16_is_near(tmp_path):
    model = load_model(tempo_folder(), device="cpu", precision="bf16")
    case = golden()["single_frame_tail"]
    memories = model.compressor.distil(model.compressor.index(batch_of("single_frame_tail")), str(case["query"]))
    assert memories[0].tokens.dtype == torch.bfloat16
    assert [memory.score for memory in memories] == pytest.approx(case["relevance"].tolist(), abs=0.05)
    assert answer(model).dtype == torch.float32


def test_a_stop_while_loading():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        load_model(tempo_folder(), device="cpu", cancel=cancel)


def test_a_stop_is_looked_for_before_every_tensor():
    """A large model loads for minutes, and whoever opens a film meanwhile must not wait for it."""

    class Counting(CancelToken):
        checks = 0

        def check(self):
            Counting.checks += 1

    model = load_model(tempo_folder(), device="cpu", cancel=Counting())
    assert Counting.checks > len(list(model.network.parameters()))


def test_devices_and_precisions():
    chosen = choose_device("auto")
    assert chosen.value in DEVICES
    assert chosen.reason
    assert choose_precision("auto", "cpu").value == "fp32"
    assert choose_precision("bf16", "cpu").value == "bf16"
    for wish in ("abacus", "cpu:0", "mps:1", "cuda:", "cuda:one", "cuda:-1", "cuda:0:0", ""):
        with pytest.raises(ModelError, match=f"no device called {wish}"):
            choose_device(wish)
    with pytest.raises(ModelError, match="no precision called fp4"):
        choose_precision("fp4", "cpu")
    if not torch.cuda.is_available():
        with pytest.raises(ModelError, match="no cuda device"):
            choose_device("cuda")


def test_one_card_of_several(monkeypatch):
    monkeypatch.setattr("engine.weights.device._available", lambda kind: kind in ("cuda", "cpu"))
    monkeypatch.setattr("engine.weights.device._count", lambda kind: 2)
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda n: SimpleNamespace(name=f"Card {n}", total_memory=8_200_000_000)
    )
    assert [(one.value, one.name) for one in devices_here()] == [
        ("cuda:0", "Card 0, 8 GB"), ("cuda:1", "Card 1, 8 GB"), ("cpu", "Processor"),
    ]  # fmt: skip
    assert (choose_device("auto").value, choose_device("cuda:1").value) == ("cuda", "cuda:1")
    with pytest.raises(ModelError, match="has no cuda:2 device"):
        choose_device("cuda:2")


def test_where_something_stands():
    first, second = torch.device("cuda:0"), torch.device("cuda:1")
    assert stands_on(first, "cuda")
    assert stands_on(second, "cuda:1")
    assert not stands_on(first, "cuda:1")
    assert not stands_on(torch.device("cpu"), "cuda")
    assert (kind_of("cuda:1"), kind_of("cpu")) == ("cuda", "cpu")


def test_attention_is_pytorchs_own_unless_a_card_has_better():
    assert choose_attention("cpu", "bf16").value == choose_attention("cuda", "fp32").value == "sdpa"
    assert choose_attention("cuda", "bf16").value in ("sdpa", "flash_attention_2")


def test_the_way_of_attending_reaches_every_part_and_changes_no_number(monkeypatch):
    right = answer(tiny_model())
    monkeypatch.setattr("engine.weights.filling.choose_attention", lambda device, precision: Choice("eager", "a test"))
    model = loaded(tempo_folder())
    compressor = model.network.tower.vlm.model
    parts = (model.network.model, compressor.language_model, compressor.visual)
    assert {part.config._attn_implementation for part in parts} == {"eager"}
    torch.testing.assert_close(answer(model), right, atol=1e-5, rtol=0)
