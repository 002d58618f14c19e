/** What Pulumi remembers of a stack, read where the command line keeps it, so that no engine need be started for it. */
import { join } from "node:path";
import { readIfThere } from "./files.ts";
import { partHome } from "./home.ts";

/** As `pulumi stack export` tells it: `{ deployment: { resources } }`. Undefined where this machine has no such state. Secrets in it stay encrypted. */
export async function readStackState(region: string, part: string, project: string): Promise<unknown> {
  const path = join(partHome(region, part), "state", ".pulumi", "stacks", project, `${region}-${part}.json`);
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    const { checkpoint } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { checkpoint?: { latest?: unknown } };
    return { deployment: checkpoint?.latest };
  } catch {
    // Being written at this moment: what cannot be read was not exported.
    return undefined;
  }
}
