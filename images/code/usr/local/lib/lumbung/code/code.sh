# Shared by everything that runs here: where things are, what this workload is told, what this site is.
#   code.env            KEY=value lines
#   repositories.tsv    per declared repository: id, quota in bytes, application, revision that it runs (`-`: none)
config=/config/current
data=/var/lib/code
run=/run/code
repositories=$data/repositories

told() { sed -n "s/^$1=//p" "$config/code.env"; }
declared() { cut -f 1 "$config/repositories.tsv"; }
quota() { awk -F '\t' -v id="$1" '$1 == id { print $2 }' "$config/repositories.tsv"; }
is_declared() { declared | grep -qxF -- "$1"; }
role() { LUMBUNG_GATEWAY=$(told LUMBUNG_GATEWAY) lumbung-role "$@"; }
# What is on its way counts: git keeps it below the same folder until a push is taken.
bytes_of() { du -s -B1 --apparent-size "$repositories/$1.git/objects" | cut -f 1; }

# Everything that a client can see of a repository, as one word.
refs_digest() {
  {
    git -C "$1" symbolic-ref HEAD &&
      git -C "$1" for-each-ref --format='%(objectname) %(refname)' --exclude=refs/lumbung
  } | sha256sum | cut -c 1-64
}

# Whole or not at all, also when the power goes.
write() { printf '%s\n' "$2" >"$1.new" && sync "$1.new" && mv -T "$1.new" "$1"; }

# Both languages, as everything that people read.
both() { printf '%s\n%s\n' "$1" "$2"; }

# A site that is to be a copy, and never was a whole one, is no place to begin: what is pushed there would part from the rest.
never_whole() { [ "$(told DESIGNATION)" = recovery ] && [ -n "$(told PEER_SITE)" ] && [ ! -e "$data/.copied" ]; }

# By what the one at the other end is known at this moment, as one word; fails if it is not known (any more).
#   over SSH    the line of authorized_keys with the session's key and the role
#   over HTTPS  the line of htpasswd with the role
trust() { # ROLE
  if [ -n "${REQUEST_URI:-}" ]; then
    line=$(grep "^$1:" "$config/htpasswd") || return 1
  else
    key=$(sed -n 's/^publickey //p' "${SSH_USER_AUTH:-/dev/null}" 2>/dev/null | head -n 1)
    [ -n "$key" ] || return 1
    line=$(grep -F "/code/ssh $1\" $key" "$config/authorized_keys") || return 1
  fi
  printf %s "$line" | sha256sum | cut -c 1-64
}
