"""Letters of real subtitle files: what is marked is no guess, what is guessed says so."""

import pytest

from engine.ingest.encodings import decode_text

SPOKEN = {
    "fr": "Où est passé le garçon? Ça, c'est l'été à Noël. Déjà vu, hélas!",
    "de": "Größe und Überfluss: Mädchen, schön, für Öl. Das ist natürlich völlig überflüssig.",
    "pl": "Zażółć gęślą jaźń. Dziękuję, proszę pana. Gdzie jest książka?",
    "ru": "Привет, как дела? Где мальчик? Я не знаю, что сказать тебе сегодня.",
    "el": "Καλημέρα, πού είναι το παιδί; Δεν ξέρω τι να πω σήμερα.",
    "tr": "Günaydın, çocuk nerede? Bugün ne söyleyeceğimi bilmiyorum, şimdi değil.",
    "zh": "你好，孩子在哪里？我今天不知道该说什么。我们走吧，快一点。",
    "ja": "おはようございます。子供はどこですか？今日は何と言えばいいのかわかりません。",
}


def file_of(words, encoding):
    lines = "".join(f"{n}\r\n00:00:{n:02d},000 --> 00:00:{n:02d},900\r\n{words}\r\n\r\n" for n in range(1, 9))
    return lines.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("language", ["fr", "ru", "zh"])
def test_unicode_is_no_guess(language, encoding):
    read = decode_text(file_of(SPOKEN[language], encoding))
    assert SPOKEN[language] in read.text
    assert not read.text.startswith("\ufeff")
    assert not read.guessed


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["fr", "zh"])
def test_unmarked_utf_16_is_found(language, encoding):
    read = decode_text(file_of(SPOKEN[language], encoding))
    assert SPOKEN[language] in read.text
    assert read.guessed


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("fr", "cp1252"), ("de", "cp1252"), ("pl", "cp1250"), ("ru", "cp1251"), ("ru", "koi8_r"), ("el", "cp1253"),
     ("zh", "gb18030"), ("ja", "cp932")],
)  # fmt: skip
@pytest.mark.parametrize("languages", [(), ("en",)], ids=["no hint", "an English computer"])
def test_old_encodings_are_guessed_and_it_is_said(language, encoding, languages):
    read = decode_text(file_of(SPOKEN[language], encoding), languages=languages)
    assert SPOKEN[language] in read.text
    assert read.guessed


@pytest.mark.parametrize(("language", "encoding"), [("tr", "cp1254"), ("pl", "cp1250"), ("fr", "cp1252")])
def test_a_hint_decides_between_latin_alphabets(language, encoding):
    read = decode_text(file_of(SPOKEN[language], encoding), languages=(language,))
    assert SPOKEN[language] in read.text


def test_a_wrong_hint_does_not_spoil_what_is_clear():
    read = decode_text(file_of(SPOKEN["ru"], "cp1251"), languages=("fr", "de"))
    assert SPOKEN["ru"] in read.text


def test_a_curly_quote_alone_is_western():
    read = decode_text("1\n00:00:01,000 --> 00:00:02,000\nIt’s “fine” — really…\n".encode("cp1252"))
    assert "It’s “fine” — really…" in read.text
    assert read.encoding == "cp1252"


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x00" * 50, bytes(range(256))])
def test_nothing_fails(data):
    assert isinstance(decode_text(data).text, str)
