# Shared by start and reload: the pages of all sites, unpacked once per archive, and put in force by one link.
config=/config/current
sites=/run/sites

# Unpacks the archive if it is a new one. Half an unpacked archive never has the final name.
unpack() {
  archive=$(sha256sum "$config/sites.tar.gz" | cut -c 1-16) || return 1
  [ -d "$sites/gen-$archive" ] && return
  rm -rf "$sites"/new-*
  mkdir "$sites/new-$archive" &&
    tar -xzm --no-same-owner --no-same-permissions -f "$config/sites.tar.gz" -C "$sites/new-$archive" &&
    mv -T "$sites/new-$archive" "$sites/gen-$archive"
}

# Every request looks the link up anew, so the switch is one instant. The generation before stays for requests under way.
switch() {
  before=$(readlink "$sites/current" || true)
  ln -sfn "gen-$archive" "$sites/current.new" && mv -T "$sites/current.new" "$sites/current" || return 1
  for old in "$sites"/gen-*; do
    case ${old##*/} in "gen-$archive" | "$before") ;; *) rm -rf "$old" ;; esac
  done
}

fingerprint() { (cd "$config" && sha256sum nginx.conf tls/*); }
