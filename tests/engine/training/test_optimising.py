"""Muon for the matrices of layers, AdamW for the rest: which is which, both move, both come back from a checkpoint."""

import copy
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import torch
from torch import nn

from engine.training.architecture import MICRO, build, write_base
from engine.training.launch import Alone
from engine.training.optimising import MuonByShape, Optimisers, is_matrix


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(5, 4)
        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])


def loss_of(network):
    x = network.embed(torch.arange(5))
    for layer in network.layers:
        x = layer(x).tanh()
    return (x - 0.5).square().mean()


def walked(network, optimisers, steps):
    for _ in range(steps):
        optimisers.zero_grad()
        loss_of(network).backward()
        optimisers.step()
    return network


def test_matrices_of_layers_and_nothing_else(tmp_path):
    write_base(tmp_path, MICRO)
    found = {name for name, one in build(tmp_path).named_parameters() if is_matrix(name, one)}
    assert "svlm.visual.blocks.0.attn.qkv.weight" in found
    assert "svlm.visual.merger.linear_fc2.weight" in found
    assert "svlm.language_model.layers.1.mlp.down_proj.weight" in found
    assert "decoder.model.layers.0.self_attn.q_proj.weight" in found
    assert not [name for name in found if "norm" in name or "embed" in name or "bias" in name or "projector" in name]


@pytest.mark.parametrize("matrix_rate", [0.0, 0.05])
def test_the_loss_falls_and_what_is_frozen_stays(matrix_rate):
    network = Small()
    network.layers[1].weight.requires_grad_(False)
    before, first = copy.deepcopy(network), float(loss_of(network).detach())
    walked(network, Optimisers(network, rate=0.05, matrix_rate=matrix_rate, decay=0.0), 30)
    assert float(loss_of(network).detach()) < first / 3
    assert torch.equal(network.layers[1].weight, before.layers[1].weight)
    assert not torch.equal(network.layers[0].weight, before.layers[0].weight)


def test_muon_steps_in_all_directions_alike():
    network = Small()
    before = network.layers[0].weight.detach().clone()
    walked(network, Optimisers(network, rate=0.05, matrix_rate=0.05, decay=0.0), 1)
    values = torch.linalg.svdvals(network.layers[0].weight.detach() - before)
    assert values.max() < 2.5 * values[values > 1e-4].min(), "of AdamW's the largest is far above the smallest"


def test_a_checkpoint_brings_both_back():
    whole, broken = Small(), Small()
    optimisers = Optimisers(whole, rate=0.05, matrix_rate=0.05, decay=0.02)
    walked(whole, optimisers, 3)
    broken.load_state_dict(whole.state_dict())
    again = Optimisers(broken, rate=0.05, matrix_rate=0.05, decay=0.02)
    again.restore(copy.deepcopy(optimisers.state()))
    walked(whole, optimisers, 3)
    walked(broken, again, 3)
    for one, other in zip(whole.parameters(), broken.parameters(), strict=True):
        assert torch.equal(one, other)


def test_shares_of_both_rates():
    network = Small()
    optimisers = Optimisers(network, rate=0.01, matrix_rate=0.04, decay=0.0)
    optimisers.set_share(0.5)
    assert [group["lr"] for one in optimisers._each for group in one.param_groups] == [0.005, 0.02]


def test_by_shape_muon_steps_as_torchs_own_does():
    shapes = [(6, 4), (4, 6), (6, 4), (4, 4)]
    walks = []
    for kind in (torch.optim.Muon, MuonByShape):
        matrices = [
            nn.Parameter(torch.randn(shape, generator=torch.Generator().manual_seed(n)))
            for n, shape in enumerate(shapes)
        ]
        optimiser = kind(matrices, lr=0.1, weight_decay=0.1, momentum=0.95, adjust_lr_fn="match_rms_adamw")
        for turn in range(5):
            for n, one in enumerate(matrices):
                one.grad = torch.randn(one.shape, generator=torch.Generator().manual_seed(100 * turn + n))
            optimiser.step()
        walks.append((matrices, optimiser.state_dict()))
    for one, other in zip(walks[0][0], walks[1][0], strict=True):
        torch.testing.assert_close(one, other, atol=0.01, rtol=0)  # after steps of 0.1: in bfloat16, summed otherwise
    assert walks[0][1].keys() == walks[1][1].keys()
    torch.testing.assert_close(walks[0][1]["state"], walks[1][1]["state"])


class OneOfTwo(Alone):
    """A process of two that are threads here."""

    count = 2

    def __init__(self, rank: int, meeting: Barrier, brought: list[torch.Tensor]) -> None:
        super().__init__()
        self.rank, self._meeting, self._brought = rank, meeting, brought

    def added(self, value: torch.Tensor) -> torch.Tensor:
        self._brought[self.rank] = value
        self._meeting.wait(20)
        total = self._brought[0] + self._brought[1]
        self._meeting.wait(20)
        return total


def test_processes_that_share_the_matrices_all_end_with_what_one_makes():
    shapes = [(6, 4), (4, 6), (6, 4), (4, 4), (6, 4)]

    def walk(process):
        matrices = [
            nn.Parameter(torch.randn(shape, generator=torch.Generator().manual_seed(n)))
            for n, shape in enumerate(shapes)
        ]
        optimiser = MuonByShape(
            matrices, process, lr=0.1, weight_decay=0.1, momentum=0.95, adjust_lr_fn="match_rms_adamw"
        )
        for turn in range(3):
            for n, one in enumerate(matrices):
                one.grad = torch.randn(one.shape, generator=torch.Generator().manual_seed(100 * turn + n))
            optimiser.step()
        return matrices

    alone, meeting, brought = walk(Alone()), Barrier(2), [torch.empty(0)] * 2
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(walk, [OneOfTwo(rank, meeting, brought) for rank in range(2)]))
    for one, first, second in zip(alone, *both, strict=True):
        assert torch.equal(first, second)
        torch.testing.assert_close(one, first, atol=0.01, rtol=0)
