"""Which timelines were begun where, beside the data: a number alone names none, as two sites that promote themselves from the same place both count the same next
one, and write the same history file. Each that a server begins gets a word that no other gets.

<data>/lumbung-timelines.json
  begun      [{timeline, site, id}]: those that the site which wrote these data began
  beginning  {above, site, id, at} or null: a promotion that was let go ahead, of which nobody has said yet which number it got: the first above `above`; at: seconds

It lies among the data, and in no WAL: a base backup, a restore and pg_rewind bring it with the data that they bring, and a stream changes it nowhere. So a server that
follows knows what it itself began, or was copied with, and no more; its primary knows what it itself began. What either does not list it has from the other one.
"""
import json
import os
import re
import uuid
from dataclasses import dataclass

from guard_files import alone, write_durably

FILE = "lumbung-timelines.json"
HISTORY_FILE = re.compile(r"([0-9A-F]{8})\.history")
SEGMENT = re.compile(r"([0-9A-F]{8})[0-9A-F]{16}")


@dataclass(frozen=True)
class Began:
    timeline: int
    site: str
    id: str


@dataclass(frozen=True)
class Beginning:
    above: int
    site: str
    id: str
    at: float


@dataclass(frozen=True)
class Marks:
    begun: tuple[Began, ...] = ()
    beginning: Beginning | None = None


def parse(text):
    """Marks of a file's text; none where there is no file (None). Raises ValueError on anything else."""
    if text is None:
        return Marks()
    try:
        told = json.loads(text)
        beginning = told["beginning"]
        return Marks(tuple(Began(**one) for one in told["begun"]), beginning and Beginning(**beginning))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FILE}: expected begun and beginning, received something else ({error})") from error


def written(marks):
    beginning = marks.beginning and vars(marks.beginning)
    return json.dumps({"begun": [vars(one) for one in marks.begun], "beginning": beginning}, indent=2) + "\n"


def new_id():
    return str(uuid.uuid4())


def begun(marks, passed):
    """Those that were begun, with the one that was let begin, if it got a number. passed: timelines on which these data were or are, by number."""
    one = marks.beginning
    got = min((timeline for timeline in passed if one and timeline > one.above), default=None)
    if got is None or any(other.timeline == got for other in marks.begun):
        return marks.begun
    return (*marks.begun, Began(got, one.site, one.id))


def ids(marks, passed):
    """The words of the timelines that were passed, by number, as far as they are known here."""
    return {one.timeline: one.id for one in begun(marks, passed) if one.timeline in passed}


def let_begin(marks, above, site, at, word):
    """Before a promotion, which gets the first number above `above`. A try before it that began nothing is forgotten."""
    return Marks(begun(marks, range(1, above + 1)), Beginning(above, site, word, at))


def writes_on(marks, passed, site, word):
    """A primary, on the last of the timelines passed: whoever writes on it began it. word: of what nobody named before."""
    named, timeline = begun(marks, passed), max(passed)
    if all(one.timeline != timeline for one in named):
        named = (*named, Began(timeline, site, word))
    return Marks(named, None)


def follows_on(marks, timeline, receiving_since):
    """A standby of that timeline into which WAL has come since `receiving_since`, in seconds; None: none comes. A promotion that is under way ends that first, so one that was let go ahead
    before, and began nothing, never will."""
    beginning = marks.beginning
    failed = beginning and receiving_since is not None and receiving_since > beginning.at and timeline <= beginning.above
    return Marks(marks.begun, None) if failed else marks


def newest(folder):
    """The highest timeline that any file of its pg_wal names; the next promotion gets one above."""
    found = (HISTORY_FILE.fullmatch(name) or SEGMENT.fullmatch(name) for name in os.listdir(os.path.join(folder, "pg_wal")))
    return max((int(one.group(1), 16) for one in found if one), default=1)


def read(folder):
    """Of a data folder. Raises OSError, ValueError."""
    try:
        with open(os.path.join(folder, FILE), encoding="utf-8") as file:
            return parse(file.read())
    except FileNotFoundError:
        return Marks()


def change(folder, work):
    """Durably, where `work(marks)` says something else: a promotion and whoever watches this server are two processes."""
    with alone(os.path.join(folder, FILE)):
        before = read(folder)
        after = work(before)
        if after != before:
            write_durably(os.path.join(folder, FILE), written(after))
