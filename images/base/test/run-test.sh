#!/bin/sh
# Tests lumbung-run inside a container of the base image: docker run --rm -i --init --tmpfs /run IMAGE sh -s <run-test.sh
# Prints one line per case and exits 1 if one failed. Uses folders of its own instead of /config and /usr/local/lib/lumbung.
set -u
top=$(mktemp -d)
failures=0

# A workload whose engine writes what it hears, and ends with 40 + the signal, or with what is in the file `end`.
setup() {
  export LUMBUNG_CONFIG="$top/$1/config" LUMBUNG_LIB="$top/$1/lib" LUMBUNG_RUN="$top/$1/run"
  mkdir -p "$LUMBUNG_CONFIG" "$LUMBUNG_LIB"
  heard=$top/$1/heard
  : >"$heard"
  export heard
  cat >"$LUMBUNG_LIB/start" <<'END'
#!/bin/bash
for pair in TERM:55 INT:42 QUIT:43; do trap "echo ${pair%:*} >>$heard; exit ${pair#*:}" "${pair%:*}"; done
echo "start $(cat $LUMBUNG_CONFIG/current/value) $$" >>$heard
while [ ! -e $LUMBUNG_CONFIG/../end ]; do sleep 0.05 & wait $!; done
exit $(cat $LUMBUNG_CONFIG/../end)
END
  cat >"$LUMBUNG_LIB/reload" <<'END'
#!/bin/sh
value=$(cat $LUMBUNG_CONFIG/current/value)
# A reload that reads takes nothing away from who started it.
cat >/dev/null
while [ -e $LUMBUNG_CONFIG/../hold ]; do sleep 0.05; done
[ ! -e $LUMBUNG_CONFIG/../broken ] || { echo "broken $value" >>$heard; exit 3; }
echo "reload $value $LUMBUNG_ENGINE_PID" >>$heard
END
  chmod 755 "$LUMBUNG_LIB"/*
}
switch() {
  mkdir "$LUMBUNG_CONFIG/gen-$1"
  echo "$1" >"$LUMBUNG_CONFIG/gen-$1/value"
  ln -s "gen-$1" "$LUMBUNG_CONFIG/new"
  mv -T "$LUMBUNG_CONFIG/new" "$LUMBUNG_CONFIG/current"
}
# until_line FILE PATTERN [TWENTIETHS]: waits for a line, at most 8 s.
until_line() {
  tries=0
  until grep -q "$2" "$1"; do
    tries=$((tries + 1))
    [ $tries -lt "${3:-160}" ] || return 1
    sleep 0.05
  done
}
check() {
  if [ "$2" = "$3" ]; then echo "ok    $1"; else
    echo "FAIL  $1: expected $3, received $2"
    failures=$((failures + 1))
  fi
}
yes_no() { if "$@"; then echo yes; else echo no; fi; }
run() { lumbung-run 2>"$LUMBUNG_CONFIG/../said" & pid=$!; said=$LUMBUNG_CONFIG/../said; }
# The shell ignores INT and QUIT in what it starts in the background: give them back, as a container's first process has them.
run_signals() { env --default-signal=INT,QUIT lumbung-run 2>"$LUMBUNG_CONFIG/../said" & pid=$!; said=$LUMBUNG_CONFIG/../said; }
ended() { wait "$pid"; code=$?; }

setup waits; run
check "waits for the configuration and says so" "$(yes_no until_line "$said" 'waiting for')" yes
check "starts nothing meanwhile" "$(grep -c start "$heard")" 0
switch a
check "starts when the configuration comes" "$(yes_no until_line "$heard" '^start a')" yes
engine=$(sed -n 's/^start a //p' "$heard")
switch b
check "reloads on a switch and names the engine" "$(yes_no until_line "$heard" "^reload b $engine\$")" yes
touch "$LUMBUNG_CONFIG/../hold"
switch c; switch d
until_line "$said" 'gen-[cd] in force'
switch e
rm "$LUMBUNG_CONFIG/../hold"
check "a switch while reloading is seen afterwards" "$(yes_no until_line "$heard" '^reload e')" yes
check "one reload at a time, none for what is in force" "$(grep -c '^reload e' "$heard")" 1
echo 7 >"$LUMBUNG_CONFIG/../end"
ended
check "ends with the engine's exit code" "$code" 7

for pair in TERM:55 INT:42 QUIT:43; do
  signal=${pair%:*}
  setup "signal-$signal"; switch a; run_signals
  until_line "$heard" '^start'
  kill -s "$signal" "$pid"; ended
  check "hands $signal on and ends as the engine does" "$(tail -n 1 "$heard") $code" "$signal ${pair#*:}"
done

setup early; run
until_line "$said" 'waiting for'
kill "$pid"; ended
check "a signal while waiting ends it" "$code" 143

setup fails; switch a; run
until_line "$heard" '^start'
touch "$LUMBUNG_CONFIG/../broken"
switch b
check "a failing reload is said" "$(yes_no until_line "$said" 'reload of configuration gen-b failed (exit 3)')" yes
check "a failing reload is known to health" "$(/usr/local/lib/lumbung/reload-state | grep -c gen-b)" 1
rm "$LUMBUNG_CONFIG/../broken"
check "and tried again" "$(yes_no until_line "$heard" '^reload b')" yes
tries=0; while [ -e "$LUMBUNG_RUN/reload-failed" ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.05; done
check "a reload that succeeds clears it" "$(yes_no /usr/local/lib/lumbung/reload-state)" yes
pkill -P "$pid" inotifywait 2>/dev/null || kill "$(grep -l inotifywait /proc/[0-9]*/comm | cut -d/ -f3 | tail -n 1)"
ended
check "without its watch it stops the engine" "$code" 55

setup pause; switch a; run
until_line "$heard" '^start'
touch "$LUMBUNG_CONFIG/../broken"
switch b
until_line "$said" 'again in 8 s' 240
rm "$LUMBUNG_CONFIG/../broken"
switch c
check "a switch in the pause after a failure is tried at once" "$(yes_no until_line "$heard" '^reload c' 60)" yes
echo 0 >"$LUMBUNG_CONFIG/../end"
ended

setup dies; switch a
printf '#!/bin/sh\nkill -9 $$\n' >"$LUMBUNG_LIB/start"
run; ended
check "an engine that is killed gives 137" "$code" 137

setup none; rmdir "$LUMBUNG_CONFIG"
LUMBUNG_CONFIG=$top/none/config lumbung-run 2>"$top/none/said"; code=$?
check "no configuration volume: 78, and why" "$code $(grep -c 'expected the workload' "$top/none/said")" "78 1"

# certificate FROM TO: a workload's certificate that holds from one moment to another (YYYYMMDDHHMMSSZ).
certificate() {
  mkdir -p "$LUMBUNG_CONFIG/current/tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=web.dc.lab.internal -not_before "$1" -not_after "$2" \
    -keyout /dev/null -out "$LUMBUNG_CONFIG/current/tls/server.crt" 2>/dev/null
}
state() { /usr/local/lib/lumbung/reload-state; }
holds() { state >/dev/null; }
setup certificate
check "a workload without certificate is well" "$(yes_no holds)" yes
certificate 20200101000000Z 20991231235959Z
check "a certificate that holds says nothing" "$(yes_no holds)$(state)" yes
certificate 20200101000000Z 20210101000000Z
check "one that ended fails, with the command that repairs it" "$(state | grep -c 'ended on 2021-01-01.*lumbung secrets rotate certificate:dc/web, then lumbung up')$(yes_no holds)" 1no
certificate 20980101000000Z 20991231235959Z
check "one that does not hold yet fails, and the clock is named" "$(state | grep -c 'holds only from 2098-01-01.*clock')$(yes_no holds)" 1no
echo none >"$LUMBUNG_CONFIG/current/tls/server.crt"
check "one that cannot be read fails" "$(state | grep -c 'cannot be read')$(yes_no holds)" 1no

[ "$failures" = 0 ] || exit 1
