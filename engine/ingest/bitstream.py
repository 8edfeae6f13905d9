"""What a packet of H.264 or HEVC is for: its bytes in, its role among the others out, without decoding a picture.

Only what the standards promise counts (ITU-T H.264 7.4.1.2, H.265 7.4.2.2); whatever is not understood or not proved
is `Role.OTHER`, which a reader must hand to the decoder.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum, auto

START_CODE = b"\0\0\1"
# SEI messages without a say in pixels: buffering, timing, captions and other user data; HEVC also the active
# parameter sets, the picture's hash, time code, mastering display and light level.
HARMLESS_SEI = {"h264": frozenset({0, 1, 4, 5}), "hevc": frozenset({0, 1, 4, 5, 129, 132, 136, 137, 144})}
HIGH_PROFILES = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})  # these name their chroma


class Role(Enum):
    """What the decoder needs a packet, or one unit of it, for."""

    DISPOSABLE = auto()  # a picture that no other refers to
    ORDINARY = auto()  # a picture that later ones may refer to, up to the next START
    START = auto()  # an IDR picture: nothing after it refers to anything before it
    OTHER = auto()  # anything else
    PARAMETERS = auto()  # only of a unit: parameter sets
    NEUTRAL = auto()  # only of a unit: without consequence for other packets


PICTURES = frozenset({Role.DISPOSABLE, Role.ORDINARY, Role.START})


def open_bitstream(codec: str, extradata: bytes | None) -> Bitstream | None:
    """A judge of one stream's packets; None for codecs whose packets depend on one another in other ways.

    VP9 and AV1 learn probabilities from pictures nobody refers to, MPEG-4 packs two pictures into one packet.
    """
    kind = {"h264": _H264, "hevc": _Hevc}.get(codec)
    try:
        return kind(extradata or b"") if kind else None
    except (IndexError, ValueError):
        return None


class Bitstream(ABC):
    """Judges the packets of one stream in the order they are stored."""

    def __init__(self, extradata: bytes) -> None:
        self._length_size = 0  # bytes; 0: start codes (Annex B)
        self._latest: list[bytes] = []  # the parameter sets the decoder got last
        self._proved: bool | None = None  # the sequence header allows judging; None: none seen
        units = self._header_units(extradata) if extradata else []
        for unit in units:
            self._unit_role(memoryview(unit))

    def role(self, packet: bytes) -> Role:
        """What the packet is for. Parameter sets like the latest ones count as none."""
        try:
            units = split_units(packet, self._length_size)
            roles = [self._unit_role(unit) for unit in units]
        except (IndexError, ValueError):
            return Role.OTHER
        sets = [bytes(unit) for unit, role in zip(units, roles, strict=True) if role is Role.PARAMETERS]
        if sets and sets != self._latest:
            self._latest = sets
            return Role.OTHER
        pictures = PICTURES.intersection(roles)
        if not self._proved or Role.OTHER in roles or len(pictures) != 1:
            return Role.OTHER
        return next(iter(pictures))

    def distrust(self) -> None:
        """From here on every packet is `Role.OTHER`: the stream has changed in a way not followed here."""
        self._proved = False

    def _learn(self, allowed: bool) -> None:
        """Once a sequence header forbids judging, none allows it again."""
        self._proved = allowed and self._proved is not False

    @abstractmethod
    def _header_units(self, extradata: bytes) -> Sequence[bytes | memoryview]: ...

    @abstractmethod
    def _unit_role(self, unit: memoryview) -> Role: ...


class _H264(Bitstream):
    def _header_units(self, extradata: bytes) -> Sequence[bytes | memoryview]:
        if extradata[0] != 1:
            return split_units(extradata, 0)
        self._length_size = (extradata[4] & 3) + 1
        return _counted_units(extradata, 6, extradata[5] & 31)[0]

    def _unit_role(self, unit: memoryview) -> Role:
        kind, refers = unit[0] & 31, unit[0] >> 5 & 3
        if unit[0] & 0x80:
            return Role.OTHER
        if kind == 7:
            self._learn(_whole_frames_only(bytes(unit)))
        elif kind == 6:
            return _sei_role(bytes(unit[1:]), HARMLESS_SEI["h264"])
        known = {1: Role.ORDINARY if refers else Role.DISPOSABLE, 5: Role.START, 7: Role.PARAMETERS}
        known |= {8: Role.PARAMETERS, 9: Role.NEUTRAL, 12: Role.NEUTRAL}
        return known.get(kind, Role.OTHER)


class _Hevc(Bitstream):
    _layers = 1  # temporal sub-layers

    def _header_units(self, extradata: bytes) -> Sequence[bytes | memoryview]:
        if extradata[0] != 1:
            return split_units(extradata, 0)
        self._length_size = (extradata[21] & 3) + 1
        units: list[bytes] = []
        position = 23
        for _ in range(extradata[22]):
            count = int.from_bytes(extradata[position + 1 : position + 3], "big")
            found, position = _counted_units(extradata, position + 3, count)
            units += found
        return units

    def _unit_role(self, unit: memoryview) -> Role:
        kind, layer, temporal = unit[0] >> 1, (unit[0] & 1) << 5 | unit[1] >> 3, (unit[1] & 7) - 1
        if kind >= 64 or layer:  # a broken header, or a second view
            return Role.OTHER
        if kind == 33:
            self._layers = max(self._layers, (unit[2] >> 1 & 7) + 1)
            self._learn(True)
        if kind in (39, 40):
            return _sei_role(bytes(unit[2:]), HARMLESS_SEI["hevc"])
        if kind <= 9:  # even: not referred to within its sub-layer; higher sub-layers may
            return Role.DISPOSABLE if kind % 2 == 0 and temporal >= self._layers - 1 else Role.ORDINARY
        known = {19: Role.START, 20: Role.START, 32: Role.PARAMETERS, 33: Role.PARAMETERS, 34: Role.PARAMETERS}
        return (known | {35: Role.NEUTRAL, 38: Role.NEUTRAL}).get(kind, Role.OTHER)


def split_units(data: bytes, length_size: int) -> list[memoryview]:
    """The NAL units of a packet, after lengths of `length_size` bytes or, if that is 0, after start codes.

    Raises `ValueError` where the bytes do not add up.
    """
    if length_size == 0:
        return _started_units(data)
    view, units, position = memoryview(data), [], 0
    while position < len(data):
        begin = position + length_size
        position = begin + int.from_bytes(data[position:begin], "big")
        if position > len(data) or position - begin < 2:  # FFmpeg takes a first length of 1 for a start code
            raise ValueError("the lengths of units do not add up")
        units.append(view[begin:position])
    return units


def _started_units(data: bytes) -> list[memoryview]:
    begin = data.find(START_CODE)
    if begin < 0 or data[:begin].strip(b"\0"):
        raise ValueError("no start code")
    view, units = memoryview(data), []
    while begin >= 0:
        following = data.find(START_CODE, begin + 3)
        end = following if following >= 0 else len(data)
        while end > begin + 3 and data[end - 1] == 0:  # zeros belong to the next start code
            end -= 1
        if end - begin < 5:
            raise ValueError("an empty unit")
        units.append(view[begin + 3 : end])
        begin = following
    return units


def _counted_units(data: bytes, position: int, count: int) -> tuple[list[bytes], int]:
    """`count` units with lengths of two bytes, and where they end."""
    units = []
    for _ in range(count):
        begin = position + 2
        position = begin + int.from_bytes(data[position:begin], "big")
        if position > len(data):
            raise ValueError("the header is cut off")
        units.append(data[begin:position])
    return units, position


def _sei_role(escaped: bytes, harmless: frozenset[int]) -> Role:
    payload, position = _unescaped(escaped), 0
    while position < len(payload) - 1:  # the last byte only ends the unit
        numbers = []
        for _ in range(2):  # type and size, each as many 255s and a rest
            number = 0
            while payload[position] == 255:
                number, position = number + 255, position + 1
            numbers.append(number + payload[position])
            position += 1
        if numbers[0] not in harmless:
            return Role.OTHER
        position += numbers[1]
    return Role.NEUTRAL


def _unescaped(unit: bytes) -> bytes:
    return unit.replace(b"\0\0\3", b"\0\0")


class _Bits:
    """Reads numbers of any width. Raises `ValueError` at the end."""

    def __init__(self, data: bytes) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in data)
        self._position = 0

    def fixed(self, width: int) -> int:
        self._position += width
        return int(self._bits[self._position - width : self._position], 2)

    def golomb(self) -> int:
        zeros = self._bits.index("1", self._position) - self._position
        self._position += zeros
        return self.fixed(zeros + 1) - 1


def _whole_frames_only(unit: bytes) -> bool:
    """Whether a H.264 sequence header rules out fields and gaps in the numbering (H.264 7.3.2.1.1).

    A field may be the missing half of another packet's picture, and a gap makes decoders invent pictures. Headers
    with scaling lists of their own are rare and count as not understood.
    """
    bits = _Bits(_unescaped(unit)[1:])
    profile = bits.fixed(24) >> 16
    bits.golomb()
    if profile in HIGH_PROFILES:
        if bits.golomb() == 3:
            bits.fixed(1)
        bits.golomb(), bits.golomb()
        if bits.fixed(2) & 1:
            return False
    bits.golomb()
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.fixed(1), bits.golomb(), bits.golomb()
        for _ in range(bits.golomb()):
            bits.golomb()
    bits.golomb()
    gaps = bits.fixed(1)
    bits.golomb(), bits.golomb()
    return bool(bits.fixed(1)) and not gaps
