/** Versions of engines that run, against what is declared and against the other site. */
import { text } from "../../model/text.ts";
import type { DatabaseServerModel } from "../../model/types.ts";
import type { Facts } from "../facts.ts";
import { textOf } from "../seen.ts";
import type { Checks, WayOptions } from "./check.ts";
import { type Judged, lastSeen, probed } from "./fresh.ts";
import { NO_SERVERS, runningServers } from "./servers.ts";

export const versionChecks: Checks = {
  "gov.minimum-standard/engines-as-declared": (facts, options) => ({
    things: facts.model.sites.flatMap((site) =>
      runningServers(facts).map((server) =>
        probed(facts, server.workload, options, (observed) => judged(facts, site.id, server, observed, options), [
          site.id,
        ]),
      ),
    ),
    none: NO_SERVERS,
  }),
};

function judged(
  facts: Facts,
  site: string,
  { workload, version: declared }: DatabaseServerModel,
  observed: Readonly<Record<string, unknown>>,
  options: WayOptions,
): Judged {
  const version = textOf(observed.version);
  if (version === undefined) return { unknown: UNTOLD };
  if (version !== declared && !version.startsWith(`${declared}.`))
    return text(
      `berjalan versi ${version}, dinyatakan ${declared}`,
      `version ${version} runs, ${declared} is declared`,
    );
  // A site that was not seen lately contradicts nobody.
  const other = facts.model.sites
    .filter(({ id }) => id !== site)
    .map(({ id }) => ({ id, version: textOf(lastSeen(facts, id, workload, options).version) }))
    .find((one) => one.version !== undefined && one.version !== version);
  return (
    other &&
    text(
      `versi ${version}, sedangkan ${other.id} ${other.version}`,
      `version ${version}, but ${other.id} ${other.version}`,
    )
  );
}

const UNTOLD = text("versinya tidak disebut", "it does not tell its version");
