"""Messages as other programs read them: Perl's MIME-tools, and reformime of the Courier mail server."""

import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

_PERL = r"""
use strict; use warnings; use Encode qw(decode); use JSON::PP; use Digest::SHA qw(sha256_hex); use MIME::Parser;
binmode STDIN; local $/; my $parser = MIME::Parser->new; $parser->output_to_core(1);
my $mail = $parser->parse_data(<STDIN>); my @parts;
sub walk { my ($part) = @_; if ($part->is_multipart) { walk($_) for $part->parts; return }
  my $body = $part->bodyhandle->as_string;
  push @parts, { type => $part->mime_type, file_name => $part->head->recommended_filename // "",
    digest => sha256_hex($body),
    text => $part->mime_type =~ /^text/ ? decode("UTF-8", $body) : "" } }
walk($mail);
my %headers; for my $name ($mail->head->tags) { my @all = $mail->head->get_all($name);
  $headers{lc $name} = [ map { s/\r?\n$//; s/\r?\n(?=[ \t])//g; decode("MIME-Header", $_) } @all ] }
print JSON::PP->new->ascii->encode({ headers => \%headers, parts => \@parts });
"""


@dataclass(frozen=True)
class ReadPart:
    """A leaf of a message: its type, file name, the SHA-256 of its content, and its text where it is text."""

    type: str
    file_name: str
    digest: str
    text: str


@dataclass(frozen=True)
class ReadMail:
    """A message: its headers by their names in small letters, decoded, and its leaves in their order."""

    headers: dict[str, list[str]]
    parts: list[ReadPart]


@cache
def _has_mime_tools() -> bool:
    return (
        bool(shutil.which("perl"))
        and not subprocess.run(
            ["perl", "-MMIME::Parser", "-MJSON::PP", "-e", "1"], capture_output=True, check=False
        ).returncode
    )


def read_with_perl(message: bytes) -> ReadMail:
    """As MIME-tools reads it."""
    if not _has_mime_tools():
        pytest.skip("Perl's MIME-tools are missing: Debian has them as libmime-tools-perl")
    told = json.loads(subprocess.run(["perl", "-e", _PERL], input=message, capture_output=True, check=True).stdout)
    return ReadMail(told["headers"], [ReadPart(**each) for each in told["parts"]])


def read_with_reformime(message: bytes, folder: Path) -> ReadMail:
    """As reformime reads it: only Subject and From of the headers."""
    if shutil.which("reformime") is None:
        pytest.skip("reformime is missing: Debian has it in maildrop")
    file = folder / "message.eml"
    file.write_bytes(message)
    parts = []
    for section in _reformime(file, "-i").split("\n\n"):
        said = dict(re.findall(r"^([a-z-]+): (.*)$", section, re.MULTILINE))
        if not said or said["content-type"].startswith("multipart/"):
            continue
        body = _reformime_bytes(file, "-s", said["section"], "-e")
        name = said.get("content-disposition-filename", "")
        text = body.decode() if said["content-type"].startswith("text/") else ""
        parts.append(ReadPart(said["content-type"], name, hashlib.sha256(body).hexdigest(), text))
    raw = dict(
        re.findall(r"^(Subject|From): (.*(?:\n[ \t].*)*)", message.decode("ascii").replace("\r", ""), re.MULTILINE)
    )
    headers = {name.lower(): [_decoded_by_reformime(value)] for name, value in raw.items()}
    return ReadMail(headers, parts)


def _decoded_by_reformime(value: str) -> str:
    unfolded = value.replace("\n", "")
    decoded = subprocess.run(["reformime", "-c", "utf-8", "-h", unfolded], capture_output=True, check=True)
    return decoded.stdout.decode().strip()


def _reformime(file: Path, *words: str) -> str:
    return _reformime_bytes(file, *words).decode()


def _reformime_bytes(file: Path, *words: str) -> bytes:
    with file.open("rb") as stream:
        return subprocess.run(["reformime", *words], stdin=stream, capture_output=True, check=True).stdout
