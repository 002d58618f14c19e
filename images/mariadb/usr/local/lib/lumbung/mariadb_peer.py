"""The other site's server, asked now and then by a thread of its own: a site that is gone must hold up nothing here."""
import threading
import time

import mariadb_facts as facts_of

PERIOD_SECONDS = 2
PRIMARY_PERIOD_SECONDS = 10
FRESH_SECONDS = 15


class Peer(threading.Thread):
    def __init__(self, agent):
        super().__init__(daemon=True)
        self.agent = agent
        self.said = None
        self.asked_at = 0.0

    def run(self):
        while self.agent.going():
            asked_at = time.monotonic()
            said = facts_of.ask_peer(self.agent.settings)
            self.said, self.asked_at = said, asked_at
            watch = self.agent.watch
            if watch and said:
                watch.heard(asked_at, said)
            period = PRIMARY_PERIOD_SECONDS if watch and watch.role == "primary" else PERIOD_SECONDS
            self.agent.stopping.wait(period)

    def state(self):
        """In the words of the decision; an old answer is none."""
        if time.monotonic() - self.asked_at > FRESH_SECONDS:
            return "silent"
        return facts_of.peer_state(self.said, self.agent.settings["REGION_IDENTITY"], self.agent.memory.get("system"))

    def is_primary(self):
        return self.state() == "primary"
