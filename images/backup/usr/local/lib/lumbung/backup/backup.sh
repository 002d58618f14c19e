# Shared by everything that runs here: where things are, and what this workload is told.
#   backup.json       settings; restic.env and restic.password for restic
#   epochs/<epoch>/   pgbackrest.conf, credentials, curl: what writes into the store, by epoch
config=/config/current
run=/run/backup
conf=$run/pgbackrest.conf

told() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$config/backup.json" "$1"; }
# A stanza a line.
stanzas() { python3 -c 'import json, sys; [print(one["name"]) for one in json.load(open(sys.argv[1]))["stanzas"]]' "$config/backup.json"; }
# Of what the processes hold in memory.
fingerprint() { sha256sum "$config"/tls/* "$config"/epochs/*/pgbackrest.conf "$config/backup.json" | sha256sum | cut -c 1-64; }
