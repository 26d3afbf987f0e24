"""Messages as other programs read them: Perl's MIME-tools, and mblaze, which is written in C."""

import hashlib
import json
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from sealed_batch import tool

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

_DKIM = r"""
use strict; use warnings; use Mail::DKIM::Verifier; use Mail::DKIM::DNS; use Net::DNS::RR;
my $record = shift @ARGV; my @asked; no warnings 'redefine';
*Mail::DKIM::DNS::query_async = sub { my ($name, $type, %prms) = @_; push @asked, "$name $type";
  my @answer = $type eq 'TXT' && $name =~ /_domainkey/ ? (Net::DNS::RR->new(name => $name, type => 'TXT', txtdata => [$record =~ /(.{1,200})/g])) : ();
  my $got = $prms{Callbacks}{Success}->(@answer); return sub { $got } };
binmode STDIN; my $verifier = Mail::DKIM::Verifier->new; local $/; $verifier->PRINT(<STDIN>); $verifier->CLOSE;
print join("\n", $verifier->result_detail, $asked[0] // ""), "\n";
"""
_PART = re.compile(r'^ *(\d+): (\S+) size=\d+(?: name="([^"]*)")?$', re.MULTILINE)


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
def perl_with(module: str, package: str) -> str:
    """The Perl of the system, with a module that Debian has in ``package``; a test fails or is skipped without."""
    perl = tool("perl")
    if subprocess.run([perl, f"-M{module}", "-e", "1"], capture_output=True, check=False).returncode:
        what = f"Perl's {module} is not installed; ./run setup dev installs it ({package})"
        if os.environ.get("CI"):
            pytest.fail(what)
        pytest.skip(f"NOT CHECKED: {what}")
    return perl


def read_with_perl(message: bytes) -> ReadMail:
    """As MIME-tools reads it."""
    perl = perl_with("MIME::Parser", "libmime-tools-perl")
    told = json.loads(subprocess.run([perl, "-e", _PERL], input=message, capture_output=True, check=True).stdout)
    return ReadMail(told["headers"], [ReadPart(**each) for each in told["parts"]])


def read_with_mblaze(message: bytes, folder: Path) -> ReadMail:
    """As mblaze reads it: only Subject and From of the headers."""
    file = folder / "message.eml"
    file.write_bytes(message)
    parts = []
    for number, kind, name in _PART.findall(_mblaze("mshow", "-t", file).decode()):
        if kind.startswith("multipart/"):
            continue
        body = _mblaze("mshow", "-O", file, number)
        text = body.decode() if kind.startswith("text/") else ""
        parts.append(ReadPart(kind, name, hashlib.sha256(body).hexdigest(), text))
    headers = {
        name: [_mblaze("mhdr", "-h", name, "-d", file).decode().removesuffix("\n")] for name in ("subject", "from")
    }
    return ReadMail(headers, parts)


def _mblaze(*words: object) -> bytes:
    program, *others = map(str, words)
    return subprocess.run([tool(program), *others], capture_output=True, check=True).stdout


def dkim_verdict(key: Path, message: bytes) -> tuple[str, str]:
    """What Mail::DKIM says of a message when DNS has the public half of ``key``, and the name that it looked up."""
    asked_for = [tool("openssl"), "rsa", "-in", str(key), "-pubout"]
    public = "".join(subprocess.run(asked_for, capture_output=True, check=True, text=True).stdout.splitlines()[1:-1])
    done = subprocess.run(
        [perl_with("Mail::DKIM::Verifier", "libmail-dkim-perl"), "-e", _DKIM, f"v=DKIM1; k=rsa; p={public}"],
        input=message,
        capture_output=True,
        check=True,
    )
    said, asked = done.stdout.decode().splitlines()
    return said, asked
