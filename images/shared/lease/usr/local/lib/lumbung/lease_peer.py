"""What the other site's guard of the same workload knows of the epoch, asked by a thread of its own: a site that is gone holds up nothing here."""
import http.client
import json
import threading

import guard_files
import lease_file

TIMEOUT_SECONDS = 2.0


class Peer(threading.Thread):
    """host: of the workload at the other site. config: folder with tls/. period: seconds."""

    def __init__(self, host, port, config, run, period):
        super().__init__(daemon=True)
        self.host, self.port, self.config, self.run_folder, self.period = host, port, config, run, period
        self.ended = threading.Event()

    def ask(self):
        """(epoch, site) as it remembers; None: it does not answer, or knows none."""
        try:
            connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=guard_files.client_tls(self.config)
            )
            try:
                connection.request("GET", "/lease")
                answer = json.load(connection.getresponse())
            finally:
                connection.close()
            return (int(answer["epoch"]), str(answer["epochSite"])) if answer["epoch"] else None
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return None

    def run(self):
        while not self.ended.wait(self.period):
            known = self.ask()
            # What it once said stays known: it does not become untrue when that site is gone.
            if known:
                lease_file.write_known(self.run_folder, "peer", *known)
