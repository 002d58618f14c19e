#!/bin/bash
# Tests lumbung-config inside its image, with the capabilities that it has in a site:
# docker run --rm -i --network none --cap-drop ALL --cap-add ... --entrypoint bash IMAGE -s <config-test.sh
set -u
top=$(mktemp -d)
export LUMBUNG_IN=$top/in LUMBUNG_OUT=$top/out LUMBUNG_RUN=$top/run
chmod 0755 "$top"
failures=0
check() {
  if [ "$2" = "$3" ]; then echo "ok    $1"; else
    echo "FAIL  $1: expected $3, received $2"
    failures=$((failures + 1))
  fi
}
# carry: runs it until it waits (or ends); sets code, said.
carry() {
  lumbung-config 2>"$top/said" & pid=$!
  tries=0
  until [ -e "$LUMBUNG_RUN/delivered" ] && [ "$(cat /proc/$pid/comm 2>/dev/null)" = sleep ]; do
    tries=$((tries + 1))
    kill -0 "$pid" 2>/dev/null && [ $tries -lt 200 ] || break
    sleep 0.02
  done
  who=$(awk '/^Uid/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
  caps=$(awk '/^CapEff/ { print $2 }' "/proc/$pid/status" 2>/dev/null)
  # Only nobody may end what has become nobody's: there is no CAP_KILL here.
  setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "kill $pid" 2>/dev/null
  wait "$pid"; code=$?
}
mkdir -p "$LUMBUNG_IN"/{dns/tls,web} "$LUMBUNG_OUT"/{dns,web}
echo secret >"$LUMBUNG_IN/dns/tls/server.key"
echo one >"$LUMBUNG_IN/dns/knot.conf"
echo page >"$LUMBUNG_IN/web/index"
good='{"dns":{"uid":2003,"gid":2003,"files":[{"path":"tls/server.key","mode":"0600"},{"path":"knot.conf","mode":"0644"}]},
       "web":{"uid":2005,"gid":2005,"files":[{"path":"index","mode":"0644"}]}}'
echo "$good" >"$LUMBUNG_IN/manifest.json"

check "not delivered: health says so" "$(/usr/local/lib/lumbung/health; echo $?)" "$(printf 'not delivered yet\n1')"
carry
check "waits as nobody, without capabilities" "$who $caps" "65534 0000000000000000"
check "delivers, and health says so" "$(/usr/local/lib/lumbung/health)" "2 workloads delivered, 2 changed"
first=$(readlink "$LUMBUNG_OUT/dns/current")
check "the generation is named by its digest" "$(grep -cE '^gen-[0-9a-f]{16}$' <<<"$first")" 1
check "secret: owner and mode" "$(stat -c '%u:%g %a' "$LUMBUNG_OUT/dns/current/tls/server.key")" "2003:2003 600"
check "no secret: owner and mode" "$(stat -c '%u:%g %a' "$LUMBUNG_OUT/dns/current/knot.conf")" "2003:2003 644"
check "folders" "$(stat -c '%u:%g %a' "$LUMBUNG_OUT/dns/current/tls" "$LUMBUNG_OUT/dns/$first" | sort -u)" "2003:2003 755"
check "the user reads its secret" "$(setpriv --reuid=2003 --regid=2003 --clear-groups cat "$LUMBUNG_OUT/dns/current/tls/server.key")" secret
check "another user does not" "$(setpriv --reuid=2005 --regid=2005 --clear-groups cat "$LUMBUNG_OUT/dns/current/tls/server.key" 2>/dev/null; echo $?)" 1

stamp=$(stat -c %i:%z "$LUMBUNG_OUT/dns/current")
carry
check "unchanged: nothing is switched" "$(stat -c %i:%z "$LUMBUNG_OUT/dns/current") $(cat "$LUMBUNG_RUN/delivered")" "$stamp 2 workloads delivered, 0 changed"
echo two >"$LUMBUNG_IN/dns/knot.conf"
web=$(stat -c %i:%z "$LUMBUNG_OUT/web/current")
carry
second=$(readlink "$LUMBUNG_OUT/dns/current")
check "one changed: only that one is switched" "$(cat "$LUMBUNG_OUT/dns/current/knot.conf") $(stat -c %i:%z "$LUMBUNG_OUT/web/current")" "two $web"
echo three >"$LUMBUNG_IN/dns/knot.conf"
mkdir "$LUMBUNG_OUT/dns/.new-half"
carry
check "the one before stays, older and half ones go" "$(ls -A "$LUMBUNG_OUT/dns" | grep -v current | sort | tr '\n' ' ')" "$(printf '%s\n' "$second" "$(readlink "$LUMBUNG_OUT/dns/current")" | sort | tr '\n' ' ')"
third=$(readlink "$LUMBUNG_OUT/dns/current")
sed -i 's/"uid":2003/"uid":2009/' "$LUMBUNG_IN/manifest.json"
carry
check "another owner is another generation" "$([ "$(readlink "$LUMBUNG_OUT/dns/current")" != "$third" ] && stat -c %u "$LUMBUNG_OUT/dns/current/knot.conf")" 2009

before=$(readlink "$LUMBUNG_OUT/dns/current")
refuses() {
  echo "$2" >"$LUMBUNG_IN/manifest.json"
  echo "changed $1" >"$LUMBUNG_IN/dns/knot.conf"
  carry
  check "refuses $1" "$code $(grep -cF -- "$3" "$top/said") $(readlink "$LUMBUNG_OUT/dns/current")" "1 1 $before"
}
refuses "what is no JSON" '{' 'expected JSON'
refuses "a path that leaves the volume" "${good/knot.conf/../knot.conf}" 'dns.files[1].path: expected a relative path'
refuses "an absolute path" "${good/knot.conf/\/etc/passwd}" 'received "/etc/passwd"'
refuses "root" "${good/\"uid\":2003/\"uid\":0}" 'dns.uid: expected a number from 1 on, received 0'
refuses "a wide mode" "${good/0600/0666}" 'dns.files[0].mode: expected "0600" or "0644", received "0666"'
refuses "a path twice" "${good/tls\/server.key/knot.conf}" 'expected each path once'
refuses "a file that is not there" "${good/index/absent}" 'web: absent: expected a file'
refuses "a workload without volume" "${good/\"web\"/\"mail\"}" 'mail: expected its volume'
rm "$LUMBUNG_IN/manifest.json"
carry
check "refuses to work without manifest" "$code $(grep -c 'manifest.json: expected a file' "$top/said")" "1 1"
check "after a refusal health fails" "$(/usr/local/lib/lumbung/health >/dev/null; echo $?)" 1
[ "$failures" = 0 ] || exit 1
