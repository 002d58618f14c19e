/** For tests: a site's certificates, and a repository host, a drill room and a signer on loopback that do what they are told. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { systemEntropy } from "../../../../custody/entropy.ts";
import { fixtureModel } from "../../../../custody/fixture.ts";
import { issueLeaf } from "../../../../custody/pki.ts";
import { makeRegionSecrets } from "../../../../custody/secrets.ts";
import type { IssuedCertificate, SiteSecrets } from "../../../../custody/types.ts";
import { type Observed, problemsOf } from "../../../../evidence/statement.ts";
import type { CopyList, RunOrder, RunState } from "../../../backup/wire.ts";
import type { JobsConfig, OpsConfig, Peer } from "../../config.ts";
import type { OpsFiles } from "../../files.ts";
import { backup } from "./backup.ts";

const DOMAIN = "dc.lab.internal";

export async function siteSecrets(): Promise<SiteSecrets> {
  return (await makeRegionSecrets(fixtureModel(), undefined, new Date())).secrets.sites.dc as SiteSecrets;
}

export function leaf(secrets: SiteSecrets, name: string): Promise<IssuedCertificate> {
  const commonName = `${name}.${DOMAIN}`;
  const request = { commonName, names: [commonName], use: ["server", "client"] } as const;
  return issueLeaf(secrets.authority.intermediate, request, { now: new Date(), entropy: systemEntropy });
}

/** A server on loopback that asks for a certificate of the region. `away`: it takes calls and gives no answer. */
export class Fake {
  readonly calls: string[] = [];
  away = false;
  readonly #server: Server;
  readonly #name: string;

  constructor(
    secrets: SiteSecrets,
    own: IssuedCertificate,
    name: string,
    handle: (incoming: IncomingMessage, body: string, outgoing: ServerResponse) => void,
  ) {
    this.#name = name;
    const tls = { key: own.key, cert: own.chain, ca: secrets.authority.root };
    this.#server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
      if (this.away) return void incoming.socket.destroy();
      this.calls.push(`${incoming.method} ${incoming.url}`);
      void text(incoming).then((body) => handle(incoming, body, outgoing));
    });
  }

  async listen(): Promise<Peer> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return { host: `${this.#name}.${DOMAIN}`, address: "127.0.0.1", port };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** As wire.ts says; runs go on until they are ended. */
export class FakeHost {
  readonly orders: RunOrder[] = [];
  readonly removed: string[] = [];
  readonly runs = new Map<string, RunState>();
  copies: Omit<CopyList, "site" | "at"> = { copies: [], unknown: {} };
  /** How a run ends as soon as it begins; undefined: it goes on. */
  ends: (order: RunOrder) => Partial<RunState> | undefined = () => undefined;
  readonly fake: Fake;

  constructor(secrets: SiteSecrets, own: IssuedCertificate, name: string) {
    this.fake = new Fake(secrets, own, name, (incoming, body, outgoing) => {
      const { status, value } = this.#answer(incoming.method ?? "", incoming.url ?? "", body);
      outgoing.writeHead(status).end(typeof value === "string" ? value : JSON.stringify(value));
    });
  }

  end(id: string, how: Partial<RunState>): void {
    const state = this.runs.get(id);
    if (!state) throw new Error(`no run ${id}`);
    this.runs.set(id, { ...state, state: "succeeded", endedAt: "2026-03-01T05:00:00.000Z", ...how });
  }

  #answer(method: string, url: string, body: string): { status: number; value: unknown } {
    if (url === "/copies") return { status: 200, value: { site: "dc", at: new Date().toISOString(), ...this.copies } };
    const id = url.split("/")[2] ?? "";
    const known = this.runs.get(id);
    if (method === "GET") return known ? { status: 200, value: known } : { status: 404, value: "nothing is known" };
    if (method === "DELETE") {
      this.removed.push(id);
      this.runs.delete(id);
      return { status: 200, value: "gone" };
    }
    if (known) return { status: 202, value: known };
    const order = JSON.parse(body) as RunOrder;
    const busy = [...this.runs.values()].find((run) => run.target === order.target && run.state === "running");
    if (busy) return { status: 409, value: `${order.target}: busy with ${busy.id}` };
    this.orders.push(order);
    const { target, action } = order;
    this.runs.set(id, { id, target, action, state: "running", startedAt: "2026-03-01T04:00:00.000Z" });
    const how = this.ends(order);
    if (how) this.end(id, how);
    return { status: 202, value: this.runs.get(id) };
  }
}

export class FakeSigner {
  readonly signed: Observed[] = [];
  refuses = false;
  readonly fake: Fake;

  constructor(secrets: SiteSecrets, own: IssuedCertificate) {
    this.fake = new Fake(secrets, own, "signer", (_, body, outgoing) => {
      const observed = JSON.parse(body) as Observed;
      const problems = this.refuses ? ["refused"] : problemsOf(observed);
      if (observed.commit === null) problems.push("commit: expected a value, received null");
      if (problems.length > 0) return void outgoing.writeHead(400).end(problems.join("\n"));
      this.signed.push(observed);
      const record = { id: `dc-x/${this.signed.length}`, digest: "d".repeat(64), envelope: {} };
      outgoing.writeHead(201).end(JSON.stringify(record));
    });
  }
}

export interface FakeSite {
  readonly repository: FakeHost;
  readonly room: FakeHost;
  readonly signer: FakeSigner;
  readonly files: OpsFiles & { readonly config: OpsConfig & { readonly jobs: JobsConfig } };
  readonly close: () => void;
}

export async function fakeSite(secrets: SiteSecrets, own = "ops"): Promise<FakeSite> {
  const repository = new FakeHost(secrets, await leaf(secrets, "backup"), "backup");
  const room = new FakeHost(secrets, await leaf(secrets, "drill"), "drill");
  const signer = new FakeSigner(secrets, await leaf(secrets, "signer"));
  const certificate = await leaf(secrets, own);
  const jobs: JobsConfig = {
    timezone: "Asia/Jakarta",
    backups: backup,
    atOnce: 50,
    backup: await repository.fake.listen(),
    drill: await room.fake.listen(),
    signer: await signer.fake.listen(),
    operators: [`operator.${DOMAIN}`],
    commit: "5f5b72f",
    inventory: "a".repeat(64),
  };
  const config: OpsConfig & { readonly jobs: JobsConfig } = {
    version: 1,
    region: "lab",
    site: "dc",
    port: 0,
    name: `ops.${DOMAIN}`,
    clients: [`ops.${DOMAIN}`, "ops.drc.lab.internal", `operator.${DOMAIN}`],
    zones: [],
    probes: { periodSeconds: 10, timeoutSeconds: 3, concurrency: 4 },
    targets: [],
    jobs,
  };
  const tls = {
    ca: secrets.authority.root,
    cert: certificate.chain,
    key: certificate.key,
    minVersion: "TLSv1.3",
  } as const;
  return {
    ...{ repository, room, signer, files: { config, tls } },
    close: () => {
      for (const { fake } of [repository, room, signer]) fake.close();
    },
  };
}
