/** One primary and one recovery site, each large enough, running only what can be run. */
import { demandOf } from "../derive/capacity.ts";
import { isRunningServer, slotsOf } from "../derive/placement.ts";
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

const designations = {
  primary: text("pusat data (primary)", "primary site"),
  recovery: text("pusat pemulihan (recovery)", "recovery site"),
} as const;

export function* missingDesignations({ view }: Context): Generator<Finding> {
  const { sites } = view;
  if (!sites || sites.includes(undefined)) return;
  for (const designation of ["primary", "recovery"] as const) {
    if (sites.some((site) => site?.designation === designation)) continue;
    const name = designations[designation];
    yield {
      path: ["sites"],
      message: text(`${name.id} tidak ada`, `the ${name.en} is missing`),
      expected: text(`satu lokasi dengan designation: ${designation}`, `one site with designation: ${designation}`),
      received: sites.map((site) => site?.designation),
    };
  }
}

export function* sameDesignation({ view }: Context): Generator<Finding> {
  const first = new Map<string, string>();
  for (const [index, { id, designation }] of entries(view.sites)) {
    const before = first.get(designation);
    if (before === undefined) first.set(designation, id);
    else {
      yield {
        path: ["sites", index, "designation"],
        message: text(
          `lokasi "${before}" sudah berpenetapan ${designation}`,
          `site "${before}" already is the ${designation} one`,
        ),
        expected: text("satu lokasi untuk setiap penetapan", "one site of each designation"),
      };
    }
  }
}

export function* capacityExceeded({ view }: Context): Generator<Finding> {
  const placed = {
    databaseServers: [...entries(view.databaseServers)].map(([, server]) => server),
    applications: [...entries(view.applications)].map(([, application]) => application),
    objectStore: view.objectStore,
    codeRepository: view.codeRepository,
    backup: view.backup,
    witness: view.witness,
  };
  for (const [index, site] of entries(view.sites)) {
    const demand = demandOf(slotsOf(site, index, placed));
    for (const [field, unit] of [
      ["memoryMiB", "MiB"],
      ["cpus", "CPU"],
    ] as const) {
      if (demand[field] <= site.capacity[field]) continue;
      yield {
        path: ["sites", index, "capacity", field],
        message: text(
          `beban kerja meminta ${demand[field]} ${unit}, lokasi "${site.id}" punya ${site.capacity[field]}`,
          `workloads ask for ${demand[field]} ${unit}, site "${site.id}" has ${site.capacity[field]}`,
        ),
        expected: text(`paling sedikit ${demand[field]}`, `at least ${demand[field]}`),
      };
    }
  }
}

export function* runningWithoutRun({ view }: Context): Generator<Finding> {
  for (const [index, { id, status, hostedBy, run }] of entries(view.applications)) {
    if (status !== "running" || hostedBy !== "region" || run) continue;
    yield {
      path: ["applications", index, "run"],
      message: text(`"${id}" berstatus running tetapi tidak punya blok run`, `"${id}" is running but has no run block`),
      expected: text("blok run dengan image", "a run block with an image"),
    };
  }
}

export function* runElsewhere({ view }: Context): Generator<Finding> {
  for (const [index, { id, hostedBy, run }] of entries(view.applications)) {
    if (hostedBy === "region" || !run) continue;
    yield {
      path: ["applications", index, "run"],
      message: text(
        `"${id}" dijalankan di tempat lain (hostedBy: ${hostedBy}) tetapi punya blok run`,
        `"${id}" runs elsewhere (hostedBy: ${hostedBy}) but has a run block`,
      ),
      expected: text("tanpa blok run, atau hostedBy: region", "no run block, or hostedBy: region"),
    };
  }
}

export function* runningOnUnrunServer({ view }: Context): Generator<Finding> {
  const servers = new Map([...entries(view.databaseServers)].map(([, server]) => [server.id, server]));
  const databases = new Map([...entries(view.databases)].map(([, database]) => [database.id, database]));
  for (const [index, { status, hostedBy, database: id }] of entries(view.applications)) {
    const database = id === undefined ? undefined : databases.get(id);
    const server = database && servers.get(database.server);
    if (status !== "running" || hostedBy !== "region" || !server || isRunningServer(server)) continue;
    yield {
      path: ["applications", index, "database"],
      message:
        server.engine === "external"
          ? text(
              `server basis data "${server.id}" dijalankan pihak lain`,
              `database server "${server.id}" is run by others`,
            )
          : text(`server basis data "${server.id}" belum berjalan`, `database server "${server.id}" does not run`),
      expected: text("basis data di server yang berjalan", "a database on a server that runs"),
    };
  }
}

export function* syncWithoutSecondSite({ view }: Context): Generator<Finding> {
  const { sites } = view;
  if (!sites || sites.length >= 2) return;
  for (const [index, { id, replication }] of entries(view.databaseServers)) {
    if (replication.mode !== "sync") continue;
    yield {
      path: ["databaseServers", index, "replication", "mode"],
      message: text(
        `"${id}" meminta replikasi sync tanpa lokasi kedua`,
        `"${id}" asks for sync replication without a second site`,
      ),
      expected: text("async, atau dua lokasi", "async, or two sites"),
    };
  }
}

export function* syncWithLoss({ view }: Context): Generator<Finding> {
  for (const [index, { replication }] of entries(view.databaseServers)) {
    if (replication.mode !== "sync" || replication.rpoSeconds === 0) continue;
    yield {
      path: ["databaseServers", index, "replication", "rpoSeconds"],
      message: text("sync berarti tanpa kehilangan", "sync means no loss"),
      expected: text("0", "0"),
    };
  }
}
