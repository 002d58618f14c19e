import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a region's custody and state live on this machine: LUMBUNG_HOME, else XDG_DATA_HOME/lumbung, else ~/.local/share/lumbung. */
export function lumbungHome(env: Environment = process.env): string {
  return env.LUMBUNG_HOME ?? join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "lumbung");
}

/** The folder of one part of a region (a site, or the backbone): passphrase, secrets, Pulumi's state. */
export function partHome(region: string, part: string, env: Environment = process.env): string {
  return join(lumbungHome(env), region, part);
}
