"""What a packet is for is read from its bytes; what is not understood is never called needless."""

from __future__ import annotations

import av
import films
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ingest.bitstream import Role, open_bitstream, split_units


def roles(path) -> list[Role]:
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        bitstream = open_bitstream(context.name, context.extradata)
        return [bitstream.role(bytes(packet)) for packet in container.demux(video=0) if packet.size]


def test_roles_in_a_film_with_pyramids(tmp_path):
    options = {"x264-params": "b-pyramid=normal:b-adapt=0:scenecut=0"}
    path = films.make_film(tmp_path / "film.mp4", frames=40, gop=20, b_frames=3, options=options)
    found = roles(path)
    assert [number for number, role in enumerate(found) if role is Role.START] == [0, 20]
    assert found[1:5] == [Role.ORDINARY, Role.ORDINARY, Role.DISPOSABLE, Role.DISPOSABLE]
    assert Role.OTHER not in found


def test_an_interlaced_film_is_not_judged(tmp_path):
    path = films.make_film(tmp_path / "film.mp4", frames=20, b_frames=2, options={"x264-params": "tff=1"})
    assert set(roles(path)) == {Role.OTHER}


def test_only_the_highest_sub_layer_is_disposable(tmp_path):
    x265 = "log-level=none:b-adapt=0"
    flat = films.make_film(tmp_path / "flat.mp4", codec="libx265", b_frames=3, options={"x265-params": x265})
    assert Role.DISPOSABLE in roles(flat)
    bitstream = open_bitstream("hevc", None)
    header = b"\0\0\1" + bytes([33 << 1, 1, 1 << 1])  # two sub-layers
    bitstream.role(header + bytes(4) + b"\x80")
    assert bitstream.role(b"\0\0\1" + bytes([0 << 1, 1]) + b"slice") is Role.ORDINARY
    assert bitstream.role(b"\0\0\1" + bytes([0 << 1, 2]) + b"slice") is Role.DISPOSABLE
    assert bitstream.role(b"\0\0\1" + bytes([0 << 1, 10]) + b"slice") is Role.OTHER  # a second view


def test_parameter_sets_are_not_lost(tmp_path):
    """The first ones are needed, the same ones again are not, others are."""
    with av.open(str(films.make_film(tmp_path / "film.h264", frames=3, gop=1))) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    bitstream = open_bitstream("h264", None)
    assert [bitstream.role(packet) for packet in packets] == [Role.OTHER, Role.START, Role.START]
    changed = packets[1].replace(b"\0\0\1\x68", b"\0\0\1\x68\x01", 1)
    assert bitstream.role(changed) is Role.OTHER


@pytest.mark.parametrize("codec", ["vp9", "av1", "mpeg4", "mpeg2video"])
def test_other_codecs_are_not_judged(codec):
    assert open_bitstream(codec, None) is None


@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from(["h264", "hevc"]))
def test_no_bytes_upset_it(header, packet, codec):
    bitstream = open_bitstream(codec, header)
    assert bitstream is None or isinstance(bitstream.role(packet), Role)


def test_units_must_add_up():
    assert [bytes(unit) for unit in split_units(b"\0\0\0\2ab\0\0\0\3cde", 4)] == [b"ab", b"cde"]
    assert [bytes(unit) for unit in split_units(b"\0\0\0\1ab\0\0\0\1cde\0", 0)] == [b"ab", b"cde"]
    for wrong in (b"\0\0\0\3ab", b"\0\0\0\1abcd", b"\0\0\0\0"):
        with pytest.raises(ValueError, match="add up"):
            split_units(wrong, 4)
    for wrong in (b"ab", b"\1\0\0\1ab", b"\0\0\1\0\0\1ab"):
        with pytest.raises(ValueError, match=r"start code|empty unit"):
            split_units(wrong, 0)
