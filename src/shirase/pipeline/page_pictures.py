"""Edge: pictures of pages, drawn once and kept by digest in ``.work/pictures/``."""

import json
from dataclasses import asdict
from pathlib import Path

from shirase.pipeline.drawing_lock import DRAWING
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_whole
from shirase.pipeline.revision_store import PDF, read_revision
from shirase.review.pictures import OverlaidPages, PagePicture, WordBox, overlaid, page_picture


def picture_of(output: OutputFolder, digest: str, number: int) -> PagePicture:
    """Page ``number`` of the revision with that digest.

    Raises:
        IndexError: When there is no such page.
        TamperedError: When the bytes are gone or others.
    """
    png, words = (_folder(output) / f"{digest}-{number}.{ending}" for ending in ("png", "json"))
    try:
        kept = json.loads(words.read_bytes())
        boxes = tuple(WordBox(**box) for box in kept["words"])
        return PagePicture(png.read_bytes(), kept["width"], kept["height"], boxes)
    except (OSError, ValueError, KeyError, TypeError):
        content = read_revision(output, digest, PDF)
        with DRAWING:
            picture = page_picture(content, number)
    write_whole(png, picture.png)
    described = {"width": picture.width, "height": picture.height, "words": [asdict(box) for box in picture.words]}
    write_whole(words, json.dumps(described, ensure_ascii=False).encode())
    return picture


def overlaid_pages(output: OutputFolder, before: str, after: str, number: int) -> OverlaidPages:
    """Page ``number`` of two revisions in one picture.

    Raises:
        TamperedError: When the bytes of either are gone or others.
    """
    png, share = (_folder(output) / f"{before}-{after}-{number}.{ending}" for ending in ("png", "json"))
    try:
        return OverlaidPages(png.read_bytes(), float(json.loads(share.read_bytes())))
    except (OSError, ValueError, TypeError):
        both = read_revision(output, before, PDF), read_revision(output, after, PDF)
        with DRAWING:
            drawn = overlaid(*both, number)
    write_whole(png, drawn.png)
    write_whole(share, json.dumps(drawn.differs).encode())
    return drawn


def _folder(output: OutputFolder) -> Path:
    folder = output.work / "pictures"
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return folder
