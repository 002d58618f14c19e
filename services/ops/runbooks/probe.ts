/**
 * The proof that a citizen's saving works: the public name as a site's name server says it, the page behind it, and for every database server a row that
 * was written and read back. Where an application writes to that server and can be asked to (model/proof.ts), it is asked as a citizen would, through the
 * gateway; else what counts is the server's own row, which its guard wrote when it was opened in this epoch and reads back from the data.
 */
import { randomBytes } from "node:crypto";
import { rootCertificates, type SecureContextOptions } from "node:tls";
import { outOfReach } from "../../../io/errors.ts";
import type { LeaseState } from "../../../model/lease.ts";
import { PROOF_PATH, type ProofOrder, type ProofRow } from "../../../model/proof.ts";
import type { Probe, Proof } from "../../../runbooks/ports.ts";
import { sameAddresses } from "../../../runbooks/steps/names.ts";
import type { Guard, Prover, RunbooksConfig, Target } from "../config.ts";
import { type Answer, call, type Question } from "../jobs/call.ts";
import type { Guards } from "./guards.ts";
import { epochSeen } from "./lease.ts";
import type { NamesHere } from "./names.ts";
import { targetAt } from "./sites.ts";

export interface ProbeArgs {
  readonly config: Pick<RunbooksConfig, "declared" | "publicHost" | "provers">;
  readonly targets: readonly Target[];
  readonly tls: SecureContextOptions;
  readonly guards: Pick<Guards, "states">;
  readonly names: Pick<NamesHere, "seen" | "addresses">;
  readonly now: () => Date;
  /** For tests. Default: over the network. */
  readonly ask?: typeof call;
}

/** Where a gateway takes what comes to the public address. */
const PUBLIC_PORT = 8443;
/** Longer than the application itself waits for its database. */
const ASK_SECONDS = 10;

export function probeThrough({ config, targets, tls, guards, names, now, ask = call }: ProbeArgs): Probe {
  return {
    write: async (site) => {
      const { addresses } = await names.seen(site);
      const served = config.declared.sites.find((one) => sameAddresses(one.addresses, addresses));
      if (served === undefined)
        throw outOfReach({
          id: `nama publik menunjuk ke ${addresses.join(" ")}, bukan ke satu situs`,
          en: `the public name points to ${addresses.join(" ")}, which is no site's`,
        });
      const [states, written] = await Promise.all([
        guards.states(),
        Promise.all(config.provers.map(async (one) => [one.server, await writtenBy(one, site, served)] as const)),
        publicPage(served.id),
      ]);
      const own = ownRows(states, served.id);
      // A row counts where this site's own server is the open one: a gateway passes writes on to the other site's as long as that is primary.
      return { ...own, ...Object.fromEntries(written.filter(([server]) => server in own)) };
    },
  };

  /** What each server's guard wrote, of those that take writes at this site. */
  function ownRows(states: ReadonlyMap<Guard, LeaseState>, site: string): Record<string, Proof> {
    const { epoch } = epochSeen([...states.values()]);
    return Object.fromEntries(
      [...states].flatMap(([guard, state]) => {
        const { server } = guard;
        const written = state.known.some((one) => one.source === "database" && one.epoch === epoch);
        const open = guard.site === site && state.state === "open" && state.engine === "armed";
        const proof: Proof = { at: now().toISOString(), row: `lumbung.epoch = ${epoch}`, through: null };
        return server !== undefined && open && written ? [[server, proof]] : [];
      }),
    );
  }

  async function writtenBy({ host }: Prover, site: string, served: Served): Promise<Proof> {
    const addresses = await names.addresses(site, host);
    if (!sameAddresses(addresses, served.addresses))
      throw outOfReach({
        id: `${host} menunjuk ke ${addresses.join(" ")}, bukan ke ${served.id}`,
        en: `${host} points to ${addresses.join(" ")}, not to ${served.id}`,
      });
    const order: ProofOrder = { token: randomBytes(16).toString("hex") };
    const body = JSON.stringify(order);
    const answer = await asPublic(served.id, host, { method: "POST", path: PROOF_PATH, body });
    if (answer.status !== 201) throw answers(`${host}${PROOF_PATH}`, answer);
    const row = rowIn(answer.text);
    if (row?.token !== order.token)
      throw outOfReach({
        id: `${host}: baris yang dibaca bukan yang ditulis`,
        en: `${host}: the row that was read is not the one that was written`,
      });
    return { at: now().toISOString(), row: `${row.table}[${row.slot}] = ${row.token}`, through: host };
  }

  async function publicPage(site: string): Promise<void> {
    const page = await asPublic(site, config.publicHost, { method: "GET", path: "/" });
    if (page.status >= 400) throw answers(config.publicHost, page);
  }

  /** At the gateway's own address: in a lab the public one is the machine's own. */
  function asPublic(site: string, host: string, question: Question): Promise<Answer> {
    const { address, host: gateway } = targetAt(targets, site, "gateway");
    const peer = { host, address: address ?? gateway, port: PUBLIC_PORT };
    const ca = [...(tls.ca === undefined ? [] : [tls.ca].flat()), ...rootCertificates];
    const headers = question.body === undefined ? {} : { "content-type": "application/json" };
    return ask(peer, { ...tls, ca }, { ...question, headers, timeoutSeconds: ASK_SECONDS });
  }
}

type Served = RunbooksConfig["declared"]["sites"][number];

const answers = (what: string, { status }: Answer) =>
  outOfReach({ id: `${what} menjawab ${status}`, en: `${what} answers ${status}` });

/** Undefined where it is none: whoever answered so is not the application. */
function rowIn(body: string): Partial<ProofRow> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
