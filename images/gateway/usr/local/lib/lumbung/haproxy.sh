# Shared by start, reload and health: where HAProxy is, and how it is asked.
config=/config/current
run=/run/haproxy

# What a worker reads once. The host map is left out, as it is changed in the running worker, and what is the keeper's.
fingerprint() { (cd "$config" && find . -type f ! -name hosts.map ! -name lease.env | sort | xargs sha256sum); }

ask() { printf '%s\n' "$1" | socat -t 2 - "UNIX-CONNECT:$run/admin.sock"; }
