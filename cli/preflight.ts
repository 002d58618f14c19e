/** What must hold before anything starts: room for it, and addresses that nobody else has. */
import { AUDITORS_PORT } from "../model/auditors.ts";
import { overlaps, parseSubnet } from "../model/derive/addresses.ts";
import { placesOf } from "../model/places.ts";
import type { Model, SiteModel, Text } from "../model/types.ts";
import { type ClockOffsets, clockProblem } from "./clocks.ts";

/** What the machine says; `undefined` where it could not be asked (an engine on another machine). */
export interface Machine {
  readonly freeDiskBytes: number | undefined;
  readonly availableMemoryBytes: number | undefined;
  /** Container names that run now. */
  readonly running: ReadonlySet<string>;
  /** Networks of the engine that are not this region's, and the machine's own. */
  readonly foreignNetworks: readonly { readonly name: string; readonly subnet: string }[];
  /** Published addresses that could not be bound, with the operating system's reason. */
  readonly refusedBindings: readonly {
    readonly address: string;
    readonly port: number;
    readonly protocol: "tcp" | "udp";
    readonly reason: string;
  }[];
  /** By site; see `clocks.ts`. Default: no engine said. */
  readonly clocks?: ClockOffsets;
}

export interface PreflightProblem {
  readonly what: string;
  readonly text: Text;
  readonly hint: Text;
}

const NEEDED_DISK_BYTES = 3 * 1024 ** 3;
const MIB = 1024 ** 2;

/** Every problem at once; none: go ahead. */
export function preflightProblems(model: Model, machine: Machine): PreflightProblem[] {
  return [
    ...diskProblems(machine),
    ...memoryProblems(model, machine),
    ...networkProblems(model, machine),
    ...machine.refusedBindings.map(bindingProblem),
    ...clockProblems(machine),
  ];
}

function clockProblems({ clocks = {} }: Machine): PreflightProblem[] {
  const problem = clockProblem(clocks);
  return problem?.refused ? [{ what: "clock", text: problem.text, hint: problem.hint }] : [];
}

function diskProblems({ freeDiskBytes }: Machine): PreflightProblem[] {
  if (freeDiskBytes === undefined || freeDiskBytes >= NEEDED_DISK_BYTES) return [];
  const [has, needs] = [freeDiskBytes, NEEDED_DISK_BYTES].map((bytes) => `${Math.floor(bytes / MIB)} MiB`);
  return [
    {
      what: "disk",
      text: { id: `ruang cakram: perlu ${needs}, tersisa ${has}`, en: `disk: ${needs} needed, ${has} free` },
      hint: { id: "kosongkan ruang di tempat Docker menyimpan data", en: "make room where Docker keeps its data" },
    },
  ];
}

function memoryProblems(model: Model, { availableMemoryBytes, running }: Machine): PreflightProblem[] {
  const needed = placesOf(model)
    .filter((site) => site.runtime.kind === "docker" && site.runtime.host === undefined)
    .flatMap((site) => site.workloads.filter((workload) => !running.has(`${site.stack}-${workload.name}`)))
    .reduce((sum, workload) => sum + workload.memoryBytes, 0);
  if (availableMemoryBytes === undefined || availableMemoryBytes >= needed) return [];
  const [has, needs] = [availableMemoryBytes, needed].map((bytes) => `${Math.floor(bytes / MIB)} MiB`);
  return [
    {
      what: "memory",
      text: { id: `memori: perlu ${needs}, tersedia ${has}`, en: `memory: ${needs} needed, ${has} available` },
      hint: {
        id: "tutup program lain, atau pakai mesin yang lebih besar",
        en: "close other programs, or use a larger machine",
      },
    },
  ];
}

function networkProblems(model: Model, { foreignNetworks }: Machine): PreflightProblem[] {
  const ours = [model.backbone, ...model.sites.map((site) => site.network)];
  return ours.flatMap((network) =>
    foreignNetworks
      .filter((foreign) => shareAddresses(network.subnet, foreign.subnet))
      .map((foreign) => ({
        what: network.name,
        text: {
          id: `jaringan ${network.name} (${network.subnet}) bertumpang tindih dengan ${foreign.name} (${foreign.subnet})`,
          en: `network ${network.name} (${network.subnet}) overlaps ${foreign.name} (${foreign.subnet})`,
        },
        hint: {
          id: "hapus jaringan itu, atau ubah kolam alamat di inventaris",
          en: "remove that network, or change the address pool in the inventory",
        },
      })),
  );
}

function shareAddresses(one: string, other: string): boolean {
  const [a, b] = [parseSubnet(one), parseSubnet(other)];
  return a !== undefined && b !== undefined && overlaps(a, b);
}

function bindingProblem({ address, port, protocol, reason }: Machine["refusedBindings"][number]): PreflightProblem {
  return {
    what: `${address}:${port}/${protocol}`,
    text: {
      id: `${address}:${port}/${protocol} tidak dapat dipakai: ${reason}`,
      en: `${address}:${port}/${protocol} cannot be used: ${reason}`,
    },
    hint: {
      id: `hentikan yang memakainya (ss -lntup 'sport = :${port}'), atau ubah alamat situs di inventaris`,
      en: `stop what uses it (ss -lntup 'sport = :${port}'), or change the site's address in the inventory`,
    },
  };
}

interface Published {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly by: SiteModel["workloads"][number]["kind"];
}

/** What a site publishes while nothing of it runs, so that it can be tried before. */
export function published(model: Model): Published[] {
  const tcp = (port: number, by: Published["by"]): Published => ({ port, protocol: "tcp", by });
  const servers = (engine: string) => model.databaseServers.filter((one) => one.running && one.engine === engine);
  return [
    tcp(53, "dns"),
    { port: 53, protocol: "udp", by: "dns" },
    tcp(80, "gateway"),
    tcp(443, "gateway"),
    ...servers("postgresql").map((_, index) => tcp(5432 + index, "gateway")),
    ...servers("mariadb").map((_, index) => tcp(3306 + index, "gateway")),
    ...(model.code ? [tcp(model.code.sshPort, "code")] : []),
    ...(model.auditors ? [tcp(AUDITORS_PORT, "gateway")] : []),
  ];
}
