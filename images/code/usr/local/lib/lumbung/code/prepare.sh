# Shared by start and reload: gitolite's own folder, made anew from the configuration in force; and which parts changed.
. /usr/local/lib/lumbung/code/code.sh
export HOME=$run/home

# Rules are compiled whole, and put in force by one rename. Repositories that are declared and not there are made, empty.
compile_rules() {
  mkdir -p "$HOME/.gitolite/conf" "$HOME/.gitolite/logs" "$repositories" &&
    ln -sfn "$repositories" "$HOME/repositories" &&
    ln -sfn /usr/local/share/lumbung/gitolite/gitolite.rc "$HOME/.gitolite.rc" &&
    ln -sfn "$config/gitolite.conf" "$HOME/.gitolite/conf/gitolite.conf" || return 1
  # gitolite reads its standard input, which a reload has from lumbung-run's watch.
  GL_LOGFILE=$run/log gitolite compile </dev/null
}

fingerprint() { (cd "$config" && sha256sum "$@"); }
web_parts='nginx.conf tls/ca.crt tls/server.crt tls/server.key'
ssh_parts='ssh/host_key'
