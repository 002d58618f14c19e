/**
 * In which order the sites of a region are changed: those that stand by first, so that a change which breaks something breaks it where
 * nobody works. Which site is active is asked from the running sites, never declared (D3).
 */
import { LumbungError } from "../io/errors.ts";
import type { Model, SiteModel, Text } from "../model/types.ts";
import { DATABASES, demanded, type Observations } from "./status/assemble.ts";
import type { SiteStatus } from "./status/types.ts";

export interface Rollout {
  /** Ids of all sites, in the order in which they are changed. */
  readonly order: readonly string[];
  /** The one that is active, where exactly one says so; it is the last that runs. */
  readonly active: string | undefined;
  /** Workloads that the active site does not have yet: they are new to the region, so that no site can be well with them before it has. */
  readonly fresh: ReadonlySet<string>;
}

/** A standby that is this far behind has not caught up: one segment of PostgreSQL's log. */
export const CAUGHT_UP_BYTES = 16 * 1024 ** 2;

/**
 * Those that stand by, then the active one, then sites of which nothing is there yet: they show nothing about a change, and may need it
 * at the active site before they come up. With no site, or more than one, known as active: as declared.
 */
export function rollout(model: Model, observations: Pick<Observations, "workloads" | "ops">): Rollout {
  const declared = model.sites.map(({ id }) => id);
  const active = declared.filter((id) => observations.ops[id]?.state === "active");
  const [only] = active;
  if (only === undefined || active.length > 1) return { order: declared, active: undefined, fresh: new Set() };
  const absent = new Set(model.sites.filter((site) => isAbsent(site, observations)).map(({ id }) => id));
  const others = declared.filter((id) => id !== only);
  return {
    order: [...others.filter((id) => !absent.has(id)), only, ...others.filter((id) => absent.has(id))],
    active: only,
    fresh: new Set(freshAt(only, model, observations)),
  };
}

function freshAt(active: string, model: Model, { workloads }: Pick<Observations, "workloads">): string[] {
  const names = model.sites.find(({ id }) => id === active)?.workloads.map(({ name }) => name) ?? [];
  return names.filter((name) => workloads[`${active}/${name}`]?.kind === "removed");
}

/** Whether the engine answers and has nothing of the site. */
function isAbsent(site: SiteModel, { workloads }: Pick<Observations, "workloads">): boolean {
  return site.workloads.every(({ name }) => workloads[`${site.id}/${name}`]?.kind === "removed");
}

/** What keeps a site from being a standby that could take over; nothing: it is well. What is new to the region (`fresh`) is left out. */
export function notReady(site: SiteModel, status: SiteStatus, fresh: ReadonlySet<string>): Text[] {
  const failing = demanded(status)
    .filter(({ name, health }) => health !== "ok" && !fresh.has(name))
    .map(({ name, detail }) => ({ id: `${name}: ${detail.id}`, en: `${name}: ${detail.en}` }));
  // A database server that nobody has yet leaves the state of the whole site open.
  if (site.workloads.some(({ name, kind }) => DATABASES.includes(kind) && fresh.has(name))) return failing;
  // Closed until its way back: it could not take over before the change either, and shows of it what it can.
  if (status.state === "closed") return failing;
  return [...failing, ...(status.state === "standby" ? lag(site, status) : [notStandby(status)])];
}

function notStandby({ state }: SiteStatus): Text {
  return { id: `keadaan situs ${state}, diharapkan standby`, en: `the site is ${state}, expected standby` };
}

function lag(site: SiteModel, { lagBytes }: SiteStatus): Text[] {
  if (!site.workloads.some(({ kind }) => kind === "postgresql")) return [];
  if (lagBytes === null) return [{ id: "ketertinggalan belum diketahui", en: "how far it is behind is not known yet" }];
  if (lagBytes <= CAUGHT_UP_BYTES) return [];
  return [{ id: `tertinggal ${lagBytes} bita`, en: `${lagBytes} bytes behind` }];
}

/** The standby did not come up with the change: the active site is left alone. Exit code 1. */
export class StandbyNotWell extends LumbungError {
  constructor(region: string, standby: string, active: string, reasons: readonly Text[]) {
    const list = (language: keyof Text) => reasons.map((reason) => `\n  ${reason[language]}`).join("");
    super(
      1,
      {
        id: `${standby} (siaga) tidak sehat; ${active} (aktif) tidak disentuh dan tetap melayani:${list("id")}`,
        en: `${standby} (standby) is not well; ${active} (active) was not touched and goes on serving:${list("en")}`,
      },
      {
        id: `lihat \`lumbung status --region ${region}\`; kembali: pasang lagi inventaris atau komit sebelumnya, lalu \`lumbung up --region ${region}\`; tetap lanjut: \`lumbung up --region ${region} --site ${active}\``,
        en: `see \`lumbung status --region ${region}\`; to go back: put the former inventory or commit back and \`lumbung up --region ${region}\`; to go on regardless: \`lumbung up --region ${region} --site ${active}\``,
      },
    );
    this.name = "StandbyNotWell";
  }
}
