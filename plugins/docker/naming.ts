/** Names for resources that were given none: `<resource>-<7 hexadecimal digits>`, as the official plugin makes them. */
import { createHash, randomBytes } from "node:crypto";
import type { Failure } from "./property.ts";
import { isList, text, type ValueMap } from "./values.ts";

export interface Autonaming {
  /** What the stack's `pulumi:autonaming` says: use this name, must use it, or never make one up. */
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposed: string;
}

export interface NamingRequest {
  readonly resource: string;
  /** Same seed, same name. Empty: random. */
  readonly seed: Uint8Array;
  readonly autonaming?: Autonaming;
  readonly previous: ValueMap;
}

/** The name to use, and whether it goes among `__defaults`; or why there is none. A made-up name stays as it is for the object's life. */
export function nameFor(request: NamingRequest): { readonly name: string } | { readonly failure: Failure } {
  const { previous, autonaming } = request;
  const kept = isList(previous.__defaults) && previous.__defaults.includes("name") ? text(previous.name) : "";
  if (kept !== "") return { name: kept };
  if (autonaming?.mode === "disable") {
    return {
      failure: {
        property: "name",
        reason: "expected a name, received none; automatic names are switched off for this stack",
      },
    };
  }
  if (autonaming && autonaming.proposed !== "") return { name: autonaming.proposed };
  const seed = request.seed.length > 0 ? request.seed : randomBytes(16);
  const digits = createHash("sha256").update(seed).update(request.resource).digest("hex").slice(0, 7);
  return { name: `${request.resource}-${digits}` };
}
