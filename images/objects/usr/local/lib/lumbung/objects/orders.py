"""Rounds that are to begin now, as copies_door.py writes them into a named pipe: a line each."""

import os
import select


class Orders:
    def __init__(self, path):
        if not path.exists():
            os.mkfifo(path, 0o600)
        # Held open for writing as well, so that whoever orders never finds it without a reader, and it never ends.
        self.pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds):
        """Whether a round was ordered since the last time; waits for one for so long."""
        if not select.select([self.pipe], [], [], seconds)[0]:
            return False
        try:
            while os.read(self.pipe, 65536):
                pass
        except BlockingIOError:
            pass
        return True
