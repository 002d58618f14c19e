/** Copiers of both sites, as model/copies.ts says how they are asked and told. */
import type { SecureContextOptions } from "node:tls";
import type { CopyOrder, CopyState } from "../../../model/copies.ts";
import type { Copies, CopySeen } from "../../../runbooks/ports.ts";
import type { Copier } from "../config.ts";
import { Away, call } from "../jobs/call.ts";
import { Refused } from "../jobs/host.ts";

const ASK_SECONDS = 3;
const ORDER_SECONDS = 10;
/** Answered once engine and front of a store have taken the new credentials. */
const RAISE_SECONDS = 60;

/** Whose credentials are of an epoch. */
const hasEpoch = ({ kind }: Copier): boolean => kind === "objects";

/** @param ask for tests. Default: over the network. */
export function copiesThrough(copiers: readonly Copier[], tls: SecureContextOptions, ask: typeof call = call): Copies {
  const at = (site: string): Copier[] => copiers.filter((one) => one.site === site);
  const look = async (copier: Copier): Promise<readonly CopySeen[]> => {
    const answer = await ask(copier, tls, { method: "GET", path: "/copies", timeoutSeconds: ASK_SECONDS });
    if (answer.status !== 200) throw new Refused(copier.host, answer);
    const said = JSON.parse(answer.text) as readonly CopyState[];
    // What is declared and not told of was never copied.
    return copier.copies.map((id) => said.find((one) => one.id === id) ?? { id, completeAt: null, epoch: null });
  };
  const tell = async (copier: Copier, order: CopyOrder, timeoutSeconds: number): Promise<void> => {
    const question = { method: "POST", path: "/copies", body: JSON.stringify(order), timeoutSeconds } as const;
    const answer = await ask(copier, tls, question);
    if (answer.status !== 202) throw new Refused(copier.host, answer);
  };
  return {
    seen: async (site) => {
      const told = await Promise.all(
        at(site).map((copier) =>
          look(copier).catch((error: unknown) => {
            // How old its copies are is unknown, as if there were none; which credentials count at a store has to be known.
            if (hasEpoch(copier) || !(error instanceof Away || error instanceof Refused)) throw error;
            return copier.copies.map((id) => ({ id, completeAt: null, epoch: null }));
          }),
        ),
      );
      return told.flat();
    },
    round: (site) => each(at(site), (copier) => tell(copier, { verb: "round" }, ORDER_SECONDS)),
    raise: (site, epoch) =>
      each(at(site).filter(hasEpoch), (copier) => tell(copier, { verb: "raise", epoch }, RAISE_SECONDS)),
  };
}

/** All of them, at once; the first that fails is thrown when all were told. */
async function each(copiers: readonly Copier[], tell: (copier: Copier) => Promise<void>): Promise<void> {
  const told = await Promise.allSettled(copiers.map(tell));
  const failed = told.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}
