"""Says whether this site may take writes now: exit code 0, or 1, and one line. Usage: lease_gate.py [arm [EPOCH SITE] | standby]

arm       before an engine is started or promoted so that it takes writes: from then on the watch kills it when the lease ends.
          EPOCH SITE: what the engine's own data say; they are also told to the keeper
standby   once an engine was seen to take no writes: the watch spares it
"""
import os
import sys

import lease_file


def main(words):
    run = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
    known = (int(words[1]), words[2]) if len(words) == 3 and words[1].isdecimal() else None
    if words[:1] == ["arm"] and (len(words) == 1 or known):
        if known:
            lease_file.write_known(run, "database", *known)
        opened = lease_file.arm(run, known)
    elif words == ["standby"]:
        lease_file.exempt(run, "standby")
        return 0
    elif not words:
        opened = lease_file.is_open(lease_file.read_lease(run), lease_file.now())
    else:
        sys.exit(f"lease_gate: expected nothing, `arm`, `arm EPOCH SITE` or `standby`, received {' '.join(words)}")
    record = lease_file.read_lease(run)
    stale = "" if opened or record["state"] == "closed" else "its keeper is late: "
    if not opened and lease_file.contradicts(record, known):
        stale = f"the data know epoch {known[0]} ({known[1]}): "
    print(f"{'open' if opened else 'closed'} [{record['code']}]: {stale}{record['message']}")
    return 0 if opened else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
