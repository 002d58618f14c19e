# Shared by everything that runs here: where things are, and what this workload is told.
#   backup.json       settings; restic.env and restic.password for restic
#   store/            secrets.json, and pgbackrest.conf with places for credentials: from which `epoch` makes what asks the store, in $run/store
config=/config/current
run=/run/backup
conf=$run/pgbackrest.conf

told() { jq -er "$1" "$config/backup.json"; }
# A stanza a line.
stanzas() { told '.stanzas[].name' 2>/dev/null; }
is_host() { [ "$(told .role)" = host ]; }
# Of what the processes hold in memory.
fingerprint() { sha256sum "$config"/tls/* "$config"/store/* "$config/backup.json" | sha256sum | cut -c 1-64; }
