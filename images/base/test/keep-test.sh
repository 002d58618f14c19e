#!/bin/sh
# Tests lumbung-keep inside a container of the base image: docker run --rm -i --init --tmpfs /run IMAGE sh -s <keep-test.sh
# Prints one line per case and exits 1 if one failed. Each case has folders of its own.
set -u
top=$(mktemp -d)
failures=0
REGION=11111111-1111-4111-8111-111111111111

setup() { # CASE DESIGNATION
  here=$top/$1
  export LUMBUNG_CONFIG="$here/config" LUMBUNG_IDENTITY="$here/identity" LUMBUNG_RUN="$here/run" LUMBUNG_PERIOD=0.1
  data=$here/data
  mkdir -p "$LUMBUNG_CONFIG/current" "$LUMBUNG_IDENTITY" "$data"
  printf 'REGION=lab\nREGION_IDENTITY=%s\nSITE=dc\nDESIGNATION=%s\nWORKLOAD=objects\nPEER_SITE=drc\n' "$REGION" "$2" >"$LUMBUNG_CONFIG/current/keep.env"
}
memory() { echo "{ \"state\": \"$1\", \"region\": \"${2:-$REGION}\" }" >"$LUMBUNG_IDENTITY/identity.json"; }
check() { # NAME CONDITION...
  name=$1
  shift
  if "$@"; then echo "ok $name"; else
    echo "FAIL $name: $*"
    cat "$LUMBUNG_RUN/guard" 2>/dev/null
    failures=$((failures + 1))
  fi
}
# May be used at once. The limit is for a case that fails.
passes() { timeout 5 lumbung-keep "$data" "$@" 2>/dev/null; }
# Is still waiting, or refusing, with this code.
holds() { # CODE [FILL...]
  code=$1
  shift
  timeout 1 lumbung-keep "$data" "$@" 2>/dev/null
  [ $? -eq 124 ] && grep -qF "[$code]" "$LUMBUNG_RUN/guard"
}
state_is() { grep -qF "\"state\": \"$1\"" "$LUMBUNG_IDENTITY/identity.json"; }

setup new-primary primary
check "an empty volume of the primary waits for a permit" holds wait-permit
check "and nothing was written into it" [ -z "$(ls -A "$data")" ]
echo found >"$LUMBUNG_IDENTITY/permit"
check "with the permit it is founded" passes
check "the permit is taken away" [ ! -e "$LUMBUNG_IDENTITY/permit" ]
check "the data are marked with the region" [ "$(cat "$data/.lumbung")" = "$REGION" ]
check "and remembered" state_is data
check "then it starts by itself" passes
rm "$data/.lumbung"
check "once lost, an empty volume is refused" holds lost
echo found >"$LUMBUNG_IDENTITY/permit"
check "also with a permit to found" holds lost
touch "$data/stray"
check "files that nobody marked are refused" holds partial

setup reseed primary
memory data
echo reseed >"$LUMBUNG_IDENTITY/permit"
check "a reseed waits while the other site gives nothing" holds wait-source false
check "it is remembered without the permit" [ ! -e "$LUMBUNG_IDENTITY/permit" ]
check "and goes on by itself" passes touch "$data/copied"
check "with the copy in place" [ -e "$data/copied" ]
check "as data" state_is data

setup new-recovery recovery
check "the recovery site begins as an empty copy" passes
check "which does not count as data" state_is copy
rm "$data/.lumbung"
check "lost before it was whole, it begins again" passes
lumbung-keep --filled
check "after a complete round it is data" state_is data
rm "$data/.lumbung"
check "lost afterwards, it is refused" holds lost

setup misfit primary
echo 22222222-2222-4222-8222-222222222222 >"$data/.lumbung"
check "another region's data are refused" holds misfit
echo reseed >"$LUMBUNG_IDENTITY/permit"
check "also with a permit to reseed" holds misfit true
setup misfit-memory primary
memory data 22222222-2222-4222-8222-222222222222
check "another region's memory is refused" holds misfit

[ "$failures" -eq 0 ]
