import type { Source } from "../config.ts";
import { bringDeposit } from "./deposit.ts";
import { bringEvidence } from "./evidence.ts";
import { bringFiles } from "./files.ts";
import { bringObjects } from "./objects.ts";
import { bringRepositories } from "./repositories.ts";
import type { Bringing, Of } from "./types.ts";
import { bringZones } from "./zones.ts";

/** Brings a source into its folder. @throws WorkFault, or whatever went wrong. */
export function bring(bringing: Bringing): Promise<void> {
  const { source } = bringing;
  const as = <Kind extends Source["kind"]>() => bringing as Bringing<Of<Kind>>;
  switch (source.kind) {
    case "files":
      return bringFiles(as<"files">());
    case "repositories":
      return bringRepositories(as<"repositories">());
    case "objects":
      return bringObjects(as<"objects">());
    case "zones":
      return bringZones(as<"zones">());
    case "evidence":
      return bringEvidence(as<"evidence">());
    case "deposit":
      return bringDeposit(as<"deposit">());
  }
}
