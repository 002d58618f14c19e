# Shared by start, reload and health: where HAProxy is, and how it is asked.
config=/config/current
run=/run/haproxy

# What a worker reads once. The host map is left out: it is changed in the running worker.
fingerprint() { (cd "$config" && find . -type f ! -name hosts.map | sort | xargs sha256sum); }

ask() { printf '%s\n' "$1" | socat -t 2 - "UNIX-CONNECT:$run/admin.sock"; }
