/** What people do all day, so that a test sees what they would notice: pages of every host, complaints, names at both name servers. */
import { Resolver } from "node:dns/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Model, SiteModel } from "../../../model/types.ts";
import { ask, frontPage, greeting } from "./web.ts";

export interface Told {
  /** How often each kind was asked: `page`, `complaint`, `name`, and what the test adds. */
  readonly asked: Readonly<Record<string, number>>;
  readonly failed: readonly string[];
}

export interface Traffic {
  /** What was asked since it began, or since the last look. */
  look(): Told;
  stop(): Promise<void>;
}

/** Between two questions of one kind. */
const PAUSE_MS = 40;
/** What a test adds costs the lab more than a page. */
const LONGER_PAUSE_MS = 1_000;
/** A test that forgets to stop it ends it nevertheless. */
const LIMIT_MS = 20 * 60_000;

/**
 * @param trust PEM of what a client trusts, asked anew for each request.
 * @param more kinds of a test's own; one that throws has failed.
 */
export function traffic(
  model: Model,
  active: SiteModel,
  trust: () => string,
  more: Readonly<Record<string, (turn: number) => Promise<void>>> = {},
): Traffic {
  let asked: Record<string, number> = {};
  let failed: string[] = [];
  let going = true;
  const end = performance.now() + LIMIT_MS;
  const count = (kind: string) => {
    asked[kind] = (asked[kind] ?? 0) + 1;
  };
  const loop = async (kind: string, one: (turn: number) => Promise<void>, pauseMs = PAUSE_MS) => {
    for (let turn = 0; going && performance.now() < end; turn += 1) {
      count(kind);
      try {
        await one(turn);
      } catch (error) {
        failed.push(`${new Date().toISOString()} ${kind}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await pause(pauseMs);
    }
  };
  const done = Promise.all([
    loop("page", (turn) => askPage(model, active, trust(), turn)),
    loop("complaint", () => complain(model, active, trust())),
    loop("name", (turn) => askName(model, turn)),
    ...Object.entries(more).map(([kind, one]) => loop(kind, one, LONGER_PAUSE_MS)),
  ]);
  return {
    look: () => {
      const told = { asked, failed };
      asked = {};
      failed = [];
      return told;
    },
    stop: async () => {
      going = false;
      await done;
    },
  };
}

async function askPage(model: Model, active: SiteModel, ca: string, turn: number): Promise<void> {
  const asked = model.hosts[turn % model.hosts.length];
  if (!asked) throw new Error("the model declares no host");
  const { host } = asked;
  const { status } = await frontPage({ address: active.publicAddress, host, ca });
  if (status !== greeting(asked)) throw new Error(`${host}: ${status}`);
}

async function complain(model: Model, active: SiteModel, ca: string): Promise<void> {
  const text = `Lampu jalan padam di simpang pasar, laporan uji ${crypto.randomUUID()}`;
  const { status, body } = await ask({
    address: active.publicAddress,
    host: `pengaduan.${model.region.domain}`,
    path: "/api/complaints",
    ca,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ opd: model.opds[0]?.id, text }),
  });
  if (status !== 201) throw new Error(`${status} ${body.slice(0, 200)}`);
}

async function askName(model: Model, turn: number): Promise<void> {
  const site = model.sites[turn % model.sites.length];
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`${site?.publicAddress}:53`]);
  const found = await resolver.resolve4(model.region.domain);
  if (found.length === 0) throw new Error(`${site?.id}: no address of ${model.region.domain}`);
}
