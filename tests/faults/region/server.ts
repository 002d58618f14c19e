/** A whole PostgreSQL server put to sleep, and woken. */
import type { Guards } from "../../lab/support/guards.ts";

/** To the postmaster and all that it began. @throws where there is none that the folder names. */
export function signalServer(guards: Guards, site: string, signal: "STOP" | "CONT"): void {
  const { code, said } = guards.exec(site, "postgres-utama", ["sh", "-s", signal], SIGNAL);
  if (code !== 0) throw new Error(`${site}: ${said}`);
}

/** Which process it is, is said by what runs, not by a file that a kill left behind. The postmaster comes first: it could begin new ones. */
const SIGNAL = `
found=
for folder in /proc/[0-9]*; do
  case $(tr '\\0' ' ' <"$folder/cmdline" 2>/dev/null) in
    */postgres\\ -D\\ *) found=\${folder#/proc/} ;;
  esac
done
[ -n "$found" ] || { echo "no server"; exit 1; }
kill -s "$1" "$found"
for folder in /proc/[0-9]*; do
  parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$folder/status" 2>/dev/null)
  [ "$parent" != "$found" ] || kill -s "$1" "\${folder#/proc/}"
done
`;
