"""A running server in one line: what it is, whether it is well, and what an operator must know."""
import time

import mariadb_facts as facts_of

# A copy is asked after every two seconds: nothing finer can be told of its age.
LEAST_RPO_SECONDS = 5
LOW_SHARE, LOW_BYTES = 0.03, 64 * 1024 * 1024


class Lines:
    """Part of Watch, which has what is read here."""

    def disk_low(self):
        free, total = facts_of.free_bytes()
        return free < max(LOW_BYTES, total * LOW_SHARE)

    def gtid(self):
        position = self.seen.get("gtid_binlog_pos") or self.seen.get("gtid_slave_pos")
        return f"gtid {position or 'none'}"

    def health(self):
        """(well, one line)."""
        well, line = {"primary": self.primary_line, "standby": self.standby_line, "closed": self.closed_line}[self.role]()
        faults = []
        if self.disk_low():
            free, total = facts_of.free_bytes()
            faults.append(f"disk full: {free // 1024**2} MiB of {total // 1024**2} MiB left")
        if self.accounts_fault:
            faults.append(self.accounts_fault)
        if self.role == "primary" and self.agent.peer.is_primary():
            faults.append(f"{self.agent.settings['PEER_SITE']} TAKES WRITES TOO")
        notes = [f"needs a restart for {', '.join(self.engine.restart_needed)}"] if self.engine.restart_needed else []
        return well and not faults, "; ".join([line, *faults, *notes])

    def primary_line(self):
        if not self.armed():
            return False, f"closed, {self.gtid()}: it was the primary, and takes writes under the lease alone: {self.agent.lease_line()}"
        if self.held.is_set():
            return False, f"primary, {self.gtid()}, takes no writes while a copy for {self.agent.settings['PEER_SITE']} is made (sync)"
        if self.seen.get("rpl_semi_sync_master_enabled") == 1 and int(self.seen.get("rpl_semi_sync_master_clients", 0)) == 0:
            return False, f"primary, {self.gtid()}, writes wait: {self.agent.settings.get('PEER_SITE') or 'the other site'} is away (sync)"
        notes = ("" if self.open else ", read only") + (", does not wait for the other site though sync is declared: people let it" if self.relaxed() else "")
        return self.open, f"primary, {self.gtid()}{notes}"

    def standby_line(self):
        site, settings = self.agent.settings["PEER_SITE"], self.agent.settings
        head = f"standby of {site}, {self.gtid()}"
        if self.replication.kind == "broken":
            return False, f"{head}, broken: {self.replication.reason}{self.after_repair()}"
        if self.replication.kind != "flowing":
            return False, f"{head}, {self.replication.reason}{self.copy_words()}"
        age = self.copy.age(time.monotonic())
        if age is None:
            return False, f"{head}, how old the copy is is not known yet"
        rpo = max(LEAST_RPO_SECONDS, int(settings["RPO_SECONDS"]))
        if age > rpo:
            return False, f"{head}, lag {age:.0f} s, more than the declared {rpo} s"
        return True, f"{head}, lag {age:.1f} s"

    def copy_words(self):
        age = self.copy.age(time.monotonic())
        return "" if age is None else f", the copy is {age:.0f} s old"

    def after_repair(self):
        at = self.repaired_at()
        if at:
            target = " ".join(f"--{key.lower()} {self.agent.settings[key]}" for key in ("REGION", "SITE", "WORKLOAD"))
            return f". It was made anew by itself at {at}; to do it again: lumbung reseed {target}"
        return "" if self.agent.peer.is_primary() else f". It is made anew once {self.agent.settings['PEER_SITE']} answers as the primary"

    def closed_line(self):
        settings = self.agent.settings
        target = " ".join(f"--{key.lower()} {settings[key]}" for key in ("REGION", "SITE", "WORKLOAD"))
        return False, (f"closed, {self.gtid()}: it takes no writes and follows nobody, as {settings.get('PEER_SITE') or 'the other site'} was the primary when it "
                       f"came back, or its identity was lost. To copy from there: lumbung reseed {target}")
