/** What must hold of a region's guards wherever it runs, in the lab or on a stand. Both sites are well before and after each case. */
import { expect, test } from "vitest";
import { eventually, throughout } from "./eventually.ts";
import { FULL } from "./full.ts";
import { type Engine, type Guards, SLACK } from "./guards.ts";

export const ENGINES: readonly Engine[] = ["postgres-utama", "mariadb-php"];
/** A closed engine that starts again, with recovery, on a busy machine. */
const STARTS_SECONDS = 90;

/** active: the site that holds the lease. other: the one that stands by. */
export function leaseCases(guards: Guards, active: string, other: string): void {
  const lease = () => guards.state(active, "gateway");
  const open = (engine: Engine) => guards.writes(active, engine, true, STARTS_SECONDS);
  /** Longest from now until a guard that is not renewed has closed, seconds. */
  const closesWithin = () => lease().ttlSeconds - lease().marginSeconds + SLACK;
  /** Longest until a lease that ended is taken again. */
  const opensWithin = () => 2 * lease().ttlSeconds + lease().marginSeconds + STARTS_SECONDS;

  test.each(FULL ? ENGINES : ["postgres-utama" as const])(
    "%s: a keeper or a watch that is killed takes the engine with it, and all comes back",
    async (engine) => {
      for (const which of ["keeper", "watch"] as const) {
        await open(engine);
        const before = guards.restarts(active, engine);
        guards.signal(active, engine, which, "KILL");
        await eventually(`${engine} began anew without its ${which}`, SLACK, async () =>
          guards.restarts(active, engine) > before ? true : undefined,
        );
        await open(engine);
        expect(guards.takesWrites(other, engine)).toBe(false);
      }
    },
  );

  test.each([
    ["postgres-utama", "patroni"],
    ["mariadb-php", "agent"],
  ] as const)("%s: without its %s there is no engine", async (engine, which) => {
    await open(engine);
    const before = guards.restarts(active, engine);
    guards.signal(active, engine, which, "KILL");
    await eventually(`${engine} began anew`, SLACK, async () =>
      guards.restarts(active, engine) > before ? true : undefined,
    );
    await open(engine);
  });

  test.each(FULL ? ENGINES : ["mariadb-php" as const])(
    "%s: a watch that is frozen is noticed at once",
    async (engine) => {
      await open(engine);
      const before = guards.restarts(active, engine);
      guards.signal(active, engine, "watch", "STOP");
      await eventually(`${engine} began anew`, SLACK, async () =>
        guards.restarts(active, engine) > before ? true : undefined,
      );
      await open(engine);
    },
  );

  test.each(FULL ? ENGINES : ["postgres-utama" as const])(
    "%s: a keeper that is frozen is closed at its deadline, and opens again when it wakes",
    async (engine) => {
      await open(engine);
      guards.signal(active, engine, "keeper", "STOP");
      try {
        await guards.writes(active, engine, false, closesWithin());
        await throughout(5, () => expect(guards.takesWrites(active, engine)).toBe(false));
      } finally {
        guards.signal(active, engine, "keeper", "CONT");
      }
      await open(engine);
    },
  );

  test("a gateway whose keeper is frozen passes nothing on to what is primary beside it", async () => {
    const says = () => gatewaySays(guards, active);
    await eventually("active", STARTS_SECONDS, async () => (says() === "active" ? true : undefined));
    guards.signal(active, "gateway", "keeper", "STOP");
    try {
      await eventually("standby", SLACK, async () => (says() === "standby" ? true : undefined));
      expect(guards.takesWrites(active, "postgres-utama")).toBe(true);
    } finally {
      guards.signal(active, "gateway", "keeper", "CONT");
    }
    await eventually("active again", SLACK, async () => (says() === "active" ? true : undefined));
  });

  test("the witness stopped: the site goes on by the other two", async () => {
    guards.docker("stop", "--time", "2", guards.name("witness", "epoch"));
    try {
      await throughout(2 * lease().ttlSeconds, () => {
        for (const engine of ENGINES) expect(guards.takesWrites(active, engine), engine).toBe(true);
      });
    } finally {
      guards.docker("start", guards.name("witness", "epoch"));
    }
  });

  test("the epoch store without a majority: the site closes at its deadline, nothing opens, and it opens again by itself", async () => {
    for (const engine of ENGINES) await open(engine);
    const within = closesWithin();
    const members = [guards.name("witness", "epoch"), guards.name(other, "epoch")];
    for (const one of members) guards.docker("pause", one);
    try {
      for (const engine of ENGINES) await guards.writes(active, engine, false, within);
      await throughout(lease().ttlSeconds, () => {
        for (const site of [active, other])
          for (const engine of ENGINES) expect(guards.takesWrites(site, engine), `${site}/${engine}`).toBe(false);
      });
    } finally {
      for (const one of members) guards.docker("unpause", one);
    }
    for (const engine of ENGINES) await guards.writes(active, engine, true, opensWithin());
    expect(lease()).toMatchObject({ state: "open", epochSite: active });
  });
}

/** What a site's gateway says of it, to a workload of the site. */
export function gatewaySays(guards: Guards, site: string): string {
  const tls = "/config/current/tls";
  const proof = ["--cacert", `${tls}/ca.crt`, "--cert", `${tls}/server.crt`, "--key", `${tls}/server.key`];
  const own = [
    "sh",
    "-c",
    `openssl x509 -noout -subject -nameopt multiline -in ${tls}/server.crt | sed -n 's/^ *commonName *= *//p'`,
  ];
  const host = guards.exec(site, "gateway", own).said;
  const words = ["curl", "--silent", "--max-time", "5", "--noproxy", "*", ...proof, `https://${host}:8404/health`];
  return guards.exec(site, "gateway", words).said;
}
