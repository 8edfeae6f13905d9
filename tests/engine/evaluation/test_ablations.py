"""The paper's claims on small models: every condition answers, what is known is not asked again, tables tell all."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from engine.errors import QuestionError
from engine.evaluation import ablations
from engine.evaluation.ablation_controls import controls
from engine.evaluation.ablation_report import GROUPS, compared, report, share
from engine.evaluation.conditions import FULL, PARTS, WAYS, Condition, parts
from engine.evaluation.probe import Probe
from engine.evaluation.scorers import Matcher, OtherModel
from engine.evaluation.trials import unseen_trials
from engine.evaluation.world import evaluate, table, wrong
from engine.settings import Settings
from engine.training.architecture import MICRO, build, write_base, write_json
from engine.training.asking.kinds import KINDS
from engine.training.publishing import knowledge, write_checkpoint
from engine.weights.loading import load_model

SIZES = {"films": 2, "segments": 4, "each": 1}


@pytest.fixture(scope="module")
def untrained(tmp_path_factory):
    """A model of the drawn world that has learnt nothing."""
    folder = tmp_path_factory.mktemp("untrained")
    write_base(folder / "base", MICRO)
    torch.manual_seed(0)
    network = build(folder / "base")
    torch.nn.init.normal_(network.memory)
    small_vlm = network.svlm.language_model.state_dict()
    write_checkpoint(network, small_vlm, folder / "base", folder / "model")
    write_json(folder / "model" / "knows.json", knowledge())
    return folder / "model"


@pytest.fixture(scope="module")
def nano():
    return Probe(load_model("nano", device="cpu", precision="fp32"))


def test_the_bundled_model_runs_through_the_claims(nano, tmp_path, monkeypatch):
    wanted = ["blind", "router", "allocation"]
    monkeypatch.setattr(
        ablations,
        "parts",
        lambda most: {name: part[:5] if name != "blind" else part for name, part in parts(most).items()},
    )
    ablations.run(nano, Matcher(nano), unseen_trials, sizes={**SIZES, "films": 1}, wanted=wanted, folder=tmp_path)
    rows = ablations.load(tmp_path)
    assert {"when", "whether", "what", "unknown"} < {row["kind"] for row in rows} <= set(KINDS)
    full = np.mean([row["right"][FULL.key] for row in rows])
    nothing = np.mean([row["right"][Condition("blind").key] for row in rows])
    assert full > nothing
    areas = [row["areas"]["prompt"] for row in rows if not np.isnan(row["areas"]["prompt"])]
    assert np.mean(areas) > 0.9
    takes_more = ("after", "before", "choice")  # to answer: segments that do not look it by themselves
    by_itself = [row for row in rows if row["kind"] not in takes_more]
    assert all(row["areas"]["oracle"] == 1 for row in by_itself if not np.isnan(row["areas"]["oracle"]))
    assert {"prompt", "none", "oracle", "external"} == set(rows[0]["areas"])

    def never(*_):
        raise AssertionError("asked again")

    monkeypatch.setattr(Probe, "answers", never)
    ablations.run(nano, Matcher(nano), unseen_trials, sizes={**SIZES, "films": 1}, wanted=wanted, folder=tmp_path)
    assert ablations.load(tmp_path) == rows
    text, told = report(rows, most=nano.most, scorer="nobody")
    assert "### Controls" in text
    assert "### Claims" in text
    assert told["4"][FULL.key]["all"]["count"] == len(rows)
    json.dumps(told)


def test_the_probe_answers_as_the_program_does(nano, tmp_path):
    """All of the memory, chosen from outside, is what a session's own question gives with as large a budget."""
    from engine.session import Session

    for trial in unseen_trials(tmp_path, films=1, segments=4, each=1):
        read = nano.read(trial.video)
        session = Session(Settings(model="nano", precision="fp32", budget=8 * 4, keep_index=False))
        session.open(trial.video, emit=lambda _: None)
        for question in trial.questions[::3]:
            answer = session.ask(question.text, emit=lambda _: None)
            memories = nano.memories(read, question.text)
            shares = answer.allocation.shares
            kept = [memory.tokens[:share] for memory, share in zip(memories, shares, strict=True)]
            halves = [memory.tokens[: share // 2] for memory, share in zip(memories, shares, strict=True)]
            said = nano.answers(read, question.text, [halves, kept])
            assert said[1] == answer.text
            assert said == [nano.answers(read, question.text, [one])[0] for one in (halves, kept)]
            np.testing.assert_allclose([memory.score for memory in memories], answer.scores, atol=1e-5)
        session.close()


def test_contexts_read_in_bfloat16_are_answered_much_the_same(nano, tmp_path):
    narrow, same = Probe(nano.model, reading="bf16"), []
    for trial in unseen_trials(tmp_path, films=1, segments=4, each=1):
        read = nano.read(trial.video)
        for question in trial.questions:
            kept = [memory.tokens for memory in nano.memories(read, question.text)]
            one, other = (probe.answers(read, question.text, [kept]) for probe in (nano, narrow))
            same.append(one == other)
    assert np.mean(same) > 0.8


def test_without_the_routing_sentence_the_memory_is_another(nano, tmp_path):
    for trial in unseen_trials(tmp_path, films=1, segments=2, each=1):
        read = nano.read(trial.video, prompts=("prompt", "none"))
        one, other = (nano.memories(read, "When does the dog appear?", prompt=prompt) for prompt in ("prompt", "none"))
        assert not torch.allclose(one[0].tokens, other[0].tokens)


def test_the_drawn_worlds_questions_are_asked_under_every_condition(untrained, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.evaluation.probe.LONGEST_ANSWER", 2)
    probe = Probe(load_model(untrained, device="cpu", precision="fp32"))
    sizes = {**SIZES, "films": 3, "segments": 2}
    ablations.run(probe, OtherModel(probe), unseen_trials, sizes=sizes, wanted=["blind"], folder=tmp_path, first=2)
    rows = ablations.load(tmp_path)
    assert {row["film"] for row in rows} == {2}
    assert len({row["kind"] for row in rows}) >= 12
    assert {row["about"] for row in rows} == {"one", "many", "none"}
    assert all(set(row["areas"]) == {"prompt", "oracle", "external"} for row in rows)
    assert all(row["areas"]["prompt"] == row["areas"]["external"] or np.isnan(row["areas"]["prompt"]) for row in rows)


def test_parts_that_are_asked_later_join_what_is_known_and_other_models_do_not(untrained, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.evaluation.probe.LONGEST_ANSWER", 2)
    probe = Probe(load_model(untrained, device="cpu", precision="fp32"))
    sizes = {**SIZES, "films": 1, "segments": 2}
    for wanted in ("blind", "tokens"):
        ablations.run(probe, Matcher(probe), unseen_trials, sizes=sizes, wanted=[wanted], folder=tmp_path)
    for row in ablations.load(tmp_path):
        for measure in ("right", "exact", "used"):
            assert {Condition("blind").key, Condition("kept", kept=1).key} <= set(row[measure])
    with pytest.raises(QuestionError, match="another model, scorer"):
        ablations.run(probe, OtherModel(probe), unseen_trials, sizes=sizes, wanted=["blind"], folder=tmp_path)
    narrow = Probe(probe.model, reading="bf16")
    with pytest.raises(QuestionError, match="format"):
        ablations.run(narrow, Matcher(narrow), unseen_trials, sizes=sizes, wanted=["blind"], folder=tmp_path)


def test_a_budget_of_one_token_each_is_dealt_without_anchors(untrained):
    probe = Probe(load_model(untrained, device="cpu", precision="fp32"))
    scores = {who: [0.1, 0.9, 0.2, 0.1] for who in ("prompt", "oracle")}
    bench = ablations.Bench(probe, Matcher(probe), [FULL])

    def shares(*how, **more):
        return bench._shares(Condition(*how, **more), ablations.Weighed({}, scores), np.random.default_rng(0))

    least = 1 / probe.most
    assert shares("uniform", least) == [1, 1, 1, 1]
    assert shares("adaptive", least)[1] > 1
    assert shares("adaptive", least, anchors=1) == [1, 1, 1, 1]
    assert min(shares("adaptive", 2 * least)) == 1
    assert sum(shares("matched", 3 / 4)) == sum(shares("adaptive", 3 / 4))
    assert max(shares("matched", 3 / 4)) - min(shares("matched", 3 / 4)) <= 1


def test_controls_are_held_against_guessing():
    own, blind, foreign = FULL.key, Condition("blind").key, Condition("foreign").key

    def row(kind, number, value, *, without):
        right = {own: True, blind: without, foreign: without}
        told = {"value": value, "truth": f"In film {number}, {kind}."}
        return {"kind": kind, "film": number, "about": "one", "right": right, **told}

    rows = [row("often", n, "once" if n < 6 else "twice", without=n < 6) for n in range(10)]
    rows += [row("colour", n, f"tint {n}", without=n < 5) for n in range(10)]
    rows += [row("whether", n, "yes" if n < 5 else "no", without=n >= 5) for n in range(10)]
    rows += [row("absent", n, "", without=True) for n in range(10)]
    rows += [row("unknown", n, "", without=True) for n in range(10)]
    rows += [row("summary", n, "", without=n < 2) for n in range(10)]
    lines = controls(rows, share).splitlines()[2:]
    told = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]] for line in lines}
    assert list(told) == ["whether, absent", "often", "colour", "summary"]
    assert (told["often"][-2:], told["whether, absent"][-2:]) == (["60.0%", "holds"], ["75.0%", "holds"])
    assert told["colour"][-2:] == ["10.0%", "fails"]
    assert told["summary"][-2:] == ["10.0%", "open"]  # no two films alike, and each its own answer
    assert controls([{**rows[0], "right": {own: True}}], share) == ""


def test_the_world_is_asked_through_the_whole_program(untrained):
    settings = Settings(model=str(untrained), max_new_tokens=3, keep_index=False)
    outcomes = evaluate(settings, films=2, segments=3)
    assert len({outcome.question.kind for outcome in outcomes}) >= 12
    assert {outcome.film for outcome in outcomes} == {0, 1}
    told = table(outcomes)
    assert told.splitlines()[-3].startswith("| all |")
    assert "Mean over kinds: " in told.splitlines()[-1]
    assert " to " in told.splitlines()[-1]
    first = next(outcome for outcome in outcomes if not outcome.right)
    assert repr(first.question.text) in wrong(outcomes)[0]
    assert f"(truth: {first.question.truth})" in wrong(outcomes)[0]


def test_a_difference_is_told_question_by_question():
    one, other = Condition("adaptive", 1 / 4), Condition("uniform", 1 / 4)
    rows = [
        {"film": n, "about": "one", "right": {one.key: True, other.key: n % 4 == 0, FULL.key: True}} for n in range(40)
    ]
    ahead, p = compared(rows, one, other, "one segment")
    assert ahead.mean == pytest.approx(0.75)
    assert p < 1e-4
    assert share(rows, other).mean == pytest.approx(0.25)
    assert share(rows, other, "several").count == 0
    assert set(GROUPS) == {"all", "one segment", "several"}


def test_parts_hold_what_the_claims_compare():
    everything = parts(8)
    assert set(PARTS) == set(everything)
    keys = {condition.key for part in everything.values() for condition in part}
    assert len(keys) == len({c for part in everything.values() for c in part})
    for share_ in (1 / 2, 1 / 4, 1 / 8, 1 / 16):
        assert {Condition(how, share_).key for how in WAYS} <= keys
    for share_ in (3 / 4, 1 / 2, 1 / 4):
        assert {Condition("adaptive", share_, anchors=count).key for count in (0, 1, 2, 4, 8)} <= keys
