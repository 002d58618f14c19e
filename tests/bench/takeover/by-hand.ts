/** A failover by hand: the floor's three commands (tests/bench/floor-failover), one after the other, and nothing else. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ADDRESS_TTL_SECONDS } from "../../../components/dns/zone-json.ts";
import { scopeOf } from "../../../components/postgres/names.ts";
import { otherOf, POSTGRES, required, type SiteId, type TakeoverStand } from "./stand.ts";
import type { Users } from "./users.ts";
import { nameUpdate } from "./words.ts";

const SCRIPT = readFileSync(fileURLToPath(new URL("../floor-failover", import.meta.url)), "utf8");
const AGAIN_MS = 50;
const PATIENCE_MS = 120_000;

/** Patroni's question before a promotion, without the question: whoever types by hand asks nobody. The watch must know that the server takes writes. */
export const ASKS_NOBODY = {
  "/usr/local/lib/lumbung/pre-promote": "#!/bin/sh\nexec rm -f /run/lumbung/lease-exempt\n",
};

/** Seconds. */
export interface ByHand {
  readonly promote: number;
  readonly name: number;
  readonly write: number;
}

/**
 * The other site is lost, and this one has the lease: nothing is left to wait for. Its PostgreSQL was started with ASKS_NOBODY.
 * @throws where one of the three fails.
 */
export async function byHand(stand: TakeoverStand, users: Users, site: SiteId): Promise<ByHand> {
  const server = required(stand.model.databaseServers.find(({ workload }) => workload === POSTGRES));
  const { gatewayName } = stand.model.region;
  const zone = required(stand.model.zones.find(({ runbookNames }) => runbookNames.includes(gatewayName)));
  const update = nameUpdate({
    ...{ zone: zone.name, name: gatewayName, ttlSeconds: ADDRESS_TTL_SECONDS },
    ...{ address: stand.site(site).publicAddress, key: stand.region.secretsOf(site).tsig.update },
  });
  const promote = await typed(stand.guards.name(site, POSTGRES), ["promote", scopeOf(stand.model, server)]);
  const name = await typed(stand.guards.name(site, "dns"), ["name"]);
  const begun = performance.now();
  await promote("");
  const promoted = performance.now();
  await name(update);
  const named = performance.now();
  await succeeds(() => users.writes(site, POSTGRES));
  const written = performance.now();
  return { promote: (promoted - begun) / 1000, name: (named - promoted) / 1000, write: (written - named) / 1000 };
}

/** Has all been done that the hand did not do, so that the region is whole again. */
export async function restOf(stand: TakeoverStand, site: SiteId, epoch: number): Promise<void> {
  await stand.open(site, epoch);
  stand.name(site, [site]);
  await stand.returns(otherOf(site));
}

/** Whoever has a prompt in the container already. The answer's command types the rest of it. */
async function typed(container: string, words: readonly string[]): Promise<(input: string) => Promise<void>> {
  const child = spawn("docker", ["exec", "-i", container, "sh", "-c", SCRIPT, "floor-failover", ...words], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const heard: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const expects = async (word: string): Promise<void> => {
    const { value } = await lines.next();
    if (value === word) return;
    throw new Error(
      `bench: floor-failover ${words[0]}: expected ${word}, received ${value ?? "its end"}\n${heard.join("")}`,
    );
  };
  await expects("ready");
  return async (input) => {
    child.stdin.end(`go\n${input}`);
    await expects("done");
    await ended(child);
  };
}

async function ended(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<void> {
  if (child.exitCode === null) await once(child, "close");
}

/** Again and again until it does. @throws the last error after two minutes. */
async function succeeds(work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(AGAIN_MS);
    }
  }
}
