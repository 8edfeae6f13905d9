"""Training films out of the pool: their pictures are those of their scenes, their lessons and labels are true."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast

from engine.training.architecture import MICRO, write_base
from engine.training.asking.kinds import KINDS, ask_kind
from engine.training.asking.telling import describe
from engine.training.asking.truth import listing
from engine.training.clips import sample_times, timed
from engine.training.drawn import bears, draft_example, draft_film, shortened
from engine.training.handwriting import Hand, blended
from engine.training.keeping import ALL, Keeping
from engine.training.lessons import ALL_TOLD, LATER, NOTED, TURNS, draft_lessons, draft_notes, facts
from engine.training.pool import Pool, grow_pool, new_hand
from engine.training.presets import SHARES
from engine.training.prompts import IGNORED, Vocabulary, noting
from engine.training.seeing import FEATURE_NORM, lit, pooled_sight, sights
from engine.training.tokens import world_words
from engine.training.world.combination import TRAIN, split_of
from engine.training.world.labels import ASPECTS, UNASKED, cells
from engine.training.world.lettering import NUMBERS, WORDS
from engine.training.world.painting import paint
from engine.training.world.palette import NAMED
from engine.training.world.plan import MOTIONS, Actor, Caption, Scene
from engine.training.world.scenes import SETTINGS
from engine.training.world.things import ALL_THINGS


def colours(frames):
    """Stands for a tower: the mean colour of each third of the picture's width, [pairs, 1, 3, 3]."""
    thirds = frames[:, :, :, :150].reshape(len(frames), 2, 96, 3, 50, 3).mean((1, 2, 4))
    return thirds[:, None].astype(np.uint16)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    assert list(grow_pool(folder, colours, shards=2, seed=5, families=30)) == [1, 2]
    return Pool(folder)


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    write_base(folder, MICRO)
    return Vocabulary(PreTrainedTokenizerFast.from_pretrained(folder))


def test_a_pool_that_was_broken_off_grows_to_the_same(pool, tmp_path):
    next(grow_pool(tmp_path, colours, shards=2, seed=5, families=30))
    (tmp_path / "001.json").unlink(missing_ok=True)  # both are drawn at once, so it may be there
    (tmp_path / "001.npy").write_bytes(b"half a shard")
    list(grow_pool(tmp_path, colours, shards=2, seed=5, families=30))
    again = Pool(tmp_path)
    rows = np.arange(pool.pairs)
    assert again.families == pool.families
    np.testing.assert_array_equal(again.tokens(rows), pool.tokens(rows))


def test_tokens_that_belong_to_other_scenes_are_refused(pool, tmp_path):
    list(grow_pool(tmp_path, colours, shards=1, seed=6, families=3))
    np.save(tmp_path / "000.npy", np.zeros((1, 1, 3, 3), np.uint16))
    with pytest.raises(ValueError, match="does not belong"):
        Pool(tmp_path)


@pytest.mark.parametrize("segments", [1, 4, 16])
def test_the_pictures_of_a_film_are_those_of_its_scenes(pool, segments):
    draft = draft_film(np.random.default_rng(segments), pool, segments=segments)
    assert draft.film.seconds == 2 * segments == len(draft.clip.pictures)
    assert len(draft.clip.centre_times) == segments
    found = pool.tokens(draft.clip.pictures)
    for second in range(draft.film.seconds):
        scene, inside = draft.film.at(second)
        near = [
            colours(np.stack([paint(scene, inside + drift + half, width=160, height=96) for half in (0, 0.5)])[None])
            for drift in (0.0, 0.23, 0.45)
        ]
        assert min(np.abs(found[second].astype(int) - one[0].astype(int)).mean() for one in near) < 8


def test_a_film_has_its_times_from_where_it_starts(pool):
    starts = [draft_film(np.random.default_rng(seed), pool, segments=2).clock.offset for seed in range(60)]
    assert 0 in starts
    assert max(starts) > 20
    assert all(start % 2 == 0 for start in starts)
    clip = timed(100 + sample_times(3, frame_rate=25), np.arange(6))
    assert clip.pair_times[0] == ("100.3", "101.4")
    assert clip.centre_times == ("101.1", "103.2", "105.4")
    assert clip.part(1, 3).pair_times == clip.pair_times[1:]
    assert clip.part(1, 3).pictures.tolist() == [2, 3, 4, 5]


def test_training_films_hold_only_combinations_of_the_training(pool):
    for family, _ in pool.families:
        for scene in family:
            assert all(split_of(actor.thing, scene.setting) == TRAIN for actor in scene.actors)


def test_a_pool_is_seen_anew_each_time_it_is_looked_at(pool):
    clip = draft_film(np.random.default_rng(2), pool, segments=16).clip
    (plain,) = pooled_sight(pool)(clip)
    look = pooled_sight(pool, blur=0.4)
    torch.manual_seed(3)
    (once,), (twice,) = look(clip), look(clip)
    torch.manual_seed(3)
    assert torch.equal(look(clip)[0], once)
    assert not torch.equal(once, twice)
    added = (once - plain).norm(dim=-1).pow(2).mean().sqrt()
    assert added == pytest.approx(0.4 * FEATURE_NORM, rel=0.1)


def test_many_kinds_are_asked_about_pooled_films(pool):
    rng = np.random.default_rng(0)
    kinds = [kind for _ in range(40) for kind in draft_example(rng, pool, segments=12, asks=6, shares=SHARES).kinds]
    assert set(kinds) >= set(KINDS) - {"choice"}
    assert "choice" not in kinds


@pytest.mark.parametrize("task", sorted({*TURNS, *LATER}))
def test_lessons_are_of_the_asked_size_and_say_yes_as_often_as_no(pool, task):
    rng = np.random.default_rng(3)
    batches = [draft_lessons(rng, pool, task, segments=8, asks=2) for _ in range(12)]
    assert all(len(batch.clips) == 8 and len(batch.asked) == 16 for batch in batches)
    said = [reply for batch in batches for _, replies in batch.asked for _, reply in replies]
    if task in ("relevance", "moment"):
        assert 0.3 < np.mean([reply == "Yes" for reply in said]) < 0.7
        assert set(said) == {"Yes", "No"}
    elif task in ("caption", "short"):
        assert all(reply.endswith("<|im_end|>") for reply in said)


def test_a_description_holds_everything():
    actors = (
        Actor("owl", "noto", "", 3, 40.0, 60.0, 60.0, "still", 0.0, 0, 2, False, False, 0),
        Actor("balloon", "noto", "red", 1, 40.0, 200.0, 60.0, "still", 0.0, 0, 2, False, False, 0),
    )
    scene = Scene(2, "beach", "", 0, actors, Caption("GATE 42", "plain", "white", "", True, 0, 2))
    from engine.training.world.plan import Film

    assert describe(Film((scene,))) == "three owls and the red balloon at the beach, the text says GATE 42"


def test_notes_say_yes_where_a_question_bears(pool, words):
    rng = np.random.default_rng(1)
    notes = draft_notes(rng, pool, words, segments=8, films=30, tokens=8, shares={"when": 1.0}, keeping=ALL)
    assert len(notes.clips) == len(notes.notes) == 30
    yes, no = words.encode("Yes")[0], words.encode("No")[0]
    marks = [note[0][0][0] for film in notes.notes for note in film]
    assert set(marks) == {yes, no}
    assert 0.05 < np.mean([mark == yes for mark in marks]) < 0.5
    assert all(len(note) == 8 for film in notes.notes for note in film)


def test_notes_are_cut_as_the_router_would_cut_them(pool, words):
    rng = np.random.default_rng(3)
    notes = draft_notes(
        rng, pool, words, segments=8, films=30, tokens=8, shares={"when": 1.0}, keeping=Keeping(as_scored=1.0)
    )
    yes = words.encode("Yes")[0]
    lengths = {True: [], False: []}
    for film in notes.notes:
        for note in film:
            lengths[note[0][0][0] == yes].append(len(note))
            assert note, "every segment keeps an anchor"
    assert np.mean(lengths[True]) > 1.5 * np.mean(lengths[False])


def test_a_blended_token_holds_all_its_words_at_the_norm_of_one():
    table = torch.eye(4)
    told = blended(table, [(((0, 1.0),), ((1, 1.0), (2, 0.5), (3, 0.5))), (((2, 1.0),),)])
    assert told.shape == (3, 4)
    assert torch.allclose(told.norm(dim=1), torch.ones(3))
    assert torch.equal(told[0], table[0])
    assert torch.equal(told[2], table[2])
    assert torch.allclose(told[1], torch.tensor([0.0, 1.0, 0.5, 0.5]) / 1.5**0.5)


def test_a_hand_is_learnt_from_what_was_written():
    torch.manual_seed(1)
    table, turned = torch.randn(50, 8), torch.linalg.qr(torch.randn(8, 8)).Q
    words = torch.randint(50, (2000,))
    hand = Hand.of(table, 3 * table[words] @ turned + 5 + 0.1 * torch.randn(2000, 8), words)
    assert hand.spread == pytest.approx(0.1, rel=0.2)
    note = (((7, 1.0),),)
    assert torch.allclose(hand.write([note], steadily=True)[0], 3 * table[7] @ turned + 5, atol=0.1)
    assert not torch.equal(hand.write([note]), hand.write([note]))


def test_key_words_are_noted_behind_places_for_memory(pool, words):
    lessons = draft_lessons(np.random.default_rng(4), pool, "note", segments=8, asks=2)
    question, noted = lessons.asked[0]
    assert [place for place, _ in noted] == list(NOTED)
    assert {said for _, said in noted[2::2]} <= {"Yes", "No"}
    text = noting(words, question, noted)
    places = [number for number, token in enumerate(text.targets) if token != IGNORED]
    assert [text.ids[place - 1] for place in places] == [words.encode(place)[0] for place in NOTED]
    assert [text.targets[place] for place in places] == [words.encode(said)[0] for _, said in noted]


def test_things_are_noted_in_the_order_of_answers_and_what_is_asked_about_where_answers_have_it(pool, words):
    rng, checked = np.random.default_rng(6), set()
    while checked < {("what", 2), ("what", 3), ("together", 2), ("when", 2)}:
        draft = draft_film(rng, pool, segments=4)
        kind = str(rng.choice(["what", "together", "when"]))
        asked = ask_kind(draft.desk(rng), kind)
        if asked is None or not asked.segments:
            continue
        place = asked.segments[0]
        part = draft.film.part(2 * place, 2 * place + 2)
        there = listing(actor.thing for second in range(part.seconds) for actor in part.actors_at(second))
        *noted, last = facts(draft.film, asked, place)
        others = [name for name in there if name != asked.about and name not in asked.names]
        expected = {
            "what": list(asked.names),
            "together": [*(name for name in there if name != asked.about), asked.about],
            "when": [*asked.names, *others],
        }
        assert noted == expected[kind]
        assert last == ALL_TOLD
        checked.add((kind, len(there)))
    assert len(words.encode(f" {ALL_TOLD}")) == 1


@pytest.mark.parametrize("kind", ["after", "before"])
def test_what_is_on_screen_a_second_later_is_no_answer(pool, kind):
    """Where the cut lies inside a segment, what is asked for is noted without what stands on the other side of it."""
    rng, cut = np.random.default_rng(8), 0
    while cut < 5:
        draft = draft_film(rng, pool, segments=8)
        asked = ask_kind(draft.desk(rng), kind)
        if asked is None:
            continue
        place = asked.segments[0 if kind == "before" else -1]
        halves = [{actor.thing for actor in draft.film.actors_at(2 * place + second)} for second in (0, 1)]
        if asked.about in halves[1 if kind == "before" else 0] and set(asked.names) != halves[0] | halves[1]:
            assert facts(draft.film, asked, place) == [*asked.names, ALL_TOLD]
            cut += 1


def test_a_summary_is_noted_as_places_alone(pool):
    draft = draft_film(np.random.default_rng(9), pool, segments=4)
    asked = ask_kind(draft.desk(np.random.default_rng(9)), "summary")
    assert [facts(draft.film, asked, place) for place in range(4)] == [
        [draft.film.part(2 * place, 2 * place + 2).scenes[-1].setting] for place in range(4)
    ]


def test_every_word_of_the_world_is_one_token(words):
    assert [word for word in world_words() if len(words.encode(f" {word}")) != 1] == []
    assert len(words.encode(" submarine")) > 1


def test_bears_follows_what_a_segment_can_know(pool):
    rng = np.random.default_rng(2)
    draft = draft_film(rng, pool, segments=8)
    desk = draft.desk(rng)
    after = ask_kind(desk, "after")
    about = draft.desk(rng).truth.runs_of[after.about][0]
    assert [bears(after, place) for place in range(8)] == [
        any(about[0] <= second < about[1] for second in (2 * place, 2 * place + 1)) for place in range(8)
    ]
    assert all(bears(ask_kind(desk, "last"), place) for place in range(8))
    assert not any(bears(ask_kind(desk, "unknown"), place) for place in range(8))


def test_a_shortened_scene_keeps_its_beginning():
    late = Actor("owl", "noto", "", 1, 40.0, 60.0, 60.0, "still", 0.0, 2, 6, False, False, 0)
    scene = Scene(6, "sea", "", 0, (late,), Caption("OPEN", "plain", "white", "", True, 0, 6))
    assert shortened(scene, 6) == scene
    short = shortened(scene, 3)
    assert (short.seconds, short.actors[0].leaves, short.caption.leaves) == (3, 3, 3)
    assert shortened(scene, 2).actors == ()


def test_cells_say_what_is_where():
    actors = (
        Actor("owl", "noto", "", 1, 64.0, 32.0, 96.0, "left", 20.0, 0, 4, False, False, 0),
        Actor("balloon", "noto", "red", 1, 64.0, 288.0, 96.0, "still", 0.0, 0, 4, False, False, 0),
    )
    scene = Scene(4, "", "green", 0, actors, Caption("GATE 42", "plain", "white", "", True, 0, 4))
    label = dict(zip(ASPECTS, cells(scene, 0.0).reshape(-1, 3, 5), strict=True))
    assert label["thing"][1, 0] == ALL_THINGS.index("owl")
    assert label["thing"][1, 4] == ALL_THINGS.index("balloon")
    assert label["thing"][1, 2] == len(ALL_THINGS)
    assert label["tint"][1].tolist() == [len(NAMED), UNASKED, UNASKED, UNASKED, NAMED.index("red")]
    assert label["motion"][1, 0] == MOTIONS.index("left")
    assert label["word"][0, 2] == WORDS.index("GATE")
    assert label["number"][0, 2] == 42
    assert label["word"][2, 2] == len(WORDS)
    assert label["number"][2, 2] == NUMBERS
    assert (label["setting"] == SETTINGS.index("green")).all()


def test_sights_are_fresh_and_in_range():
    drawn = sights(np.random.default_rng(0), 5)
    frames, labels = drawn.frames, drawn.labels
    assert frames.shape == (5, 2, 96, 160, 3)
    assert frames.dtype == torch.uint8
    assert labels.shape == (5, len(ASPECTS), 15)
    assert len(torch.unique(frames.float().mean((1, 2, 3, 4)))) == 5
    for row, count in enumerate(ASPECTS.values()):
        held = labels[:, row][labels[:, row] != UNASKED]
        assert not len(held) or (held.min() >= 0 and held.max() < count)


def test_a_tower_that_knows_little_is_shown_little():
    seen = {}
    for known in (0.1, 0.5, 1.0):
        labels = sights(np.random.default_rng(0), 48, crowded=1.0, known=known).labels[:, 0]
        seen[known] = set(labels[labels != len(ALL_THINGS)].tolist())
        assert len(new_hand(np.random.default_rng(0), TRAIN, known=known).names) == round(known * len(ALL_THINGS))
    assert 20 < len(seen[0.1]) <= round(0.1 * len(ALL_THINGS)) < len(seen[0.5]) < len(seen[1.0])


def test_light_changes_a_picture_and_nothing_in_it():
    frames = np.random.default_rng(0).integers(60, 180, (2, 96, 160, 3)).astype(np.uint8)
    shone = lit(np.random.default_rng(1), frames)
    assert (shone.shape, shone.dtype) == (frames.shape, np.uint8)
    assert not np.array_equal(shone, frames)
    for channel in range(3):
        before, after = (part[..., channel].ravel() for part in (frames, shone))
        order = np.argsort(before, kind="stable")
        assert (np.diff(after[order].astype(int)) >= 0).all()  # what was lighter still is


@pytest.mark.parametrize(("keeping", "low"), [(Keeping(1.0, 0.0), 1), (Keeping(0.0, 1.0), 8), (Keeping(0.0, 0.0), 1)])
def test_keeping(keeping, low):
    rng = np.random.default_rng(0)
    for _ in range(50):
        shares = keeping.shares(rng, rng.random(12).tolist(), 8)
        assert len(shares) == 12
        assert low <= min(shares)
        assert max(shares) <= 8
