/** One round of looks, one after the other: what was seen, by name. Effects are handed in. */
import {
  type BaselineItem,
  type GrantsItem,
  type NameItem,
  type PageItem,
  probeName,
  type WorkloadItem,
} from "../../../evidence/probes.ts";
import type { LeaseGrants } from "../../../model/lease.ts";
import type { GatewayPlace, OpsConfig, Peer, PublishedHost, RoundsConfig } from "../config.ts";
import type { WorkloadStatus } from "../status.ts";
import type { Eyes, Fetched } from "./eyes.ts";
import { grantsItem } from "./grants.ts";
import { injectedInto } from "./injected.ts";
import { nameItem, resolvedTo } from "./names.ts";
import { partsOf, servicePartsOf } from "./parts.ts";
import { type GatewaySeen, workloadItem } from "./workloads.ts";

export type Item = WorkloadItem | NameItem | PageItem | BaselineItem | GrantsItem;

/** By name, as evidence/probes.ts has them. */
export type Items = ReadonlyMap<string, Item>;

export interface Looking {
  readonly config: Pick<OpsConfig, "site" | "zones"> & { readonly rounds: RoundsConfig };
  readonly eyes: Eyes;
  /** Of the own site, as `ops` sees them when it is asked. */
  readonly workloads: () => readonly WorkloadStatus[];
  /** What roles hold, as a database's guard says; undefined where it could not be asked. */
  readonly held: (guard: Peer) => Promise<LeaseGrants | undefined>;
  readonly now: () => Date;
  /** Between two looks. @throws where the round is to end. */
  readonly pause: () => Promise<void>;
}

/** What could not be looked at is not in it. @throws what `pause` throws. */
export async function lookRound(looking: Looking): Promise<Items> {
  const { config, workloads } = looking;
  const { gateway, rules } = await lookAtOwnGateway(looking);
  const items = new Map<string, Item>(workloads().map((one) => [one.name, workloadItem(one, gateway)]));
  if (Object.keys(rules).length > 0) items.set(probeName.baseline, { rules });
  for (const [name, item] of await lookAtGrants(looking)) items.set(name, item);
  for (const host of config.rounds.hosts)
    for (const [name, item] of await lookAtHost(host, looking)) items.set(name, item);
  return items;
}

interface OwnGateway {
  readonly gateway: GatewaySeen;
  /** Those that could be looked at. */
  readonly rules: Readonly<Record<string, boolean>>;
}

/** A name that is certainly not declared: a label of an inventory has no hyphen at its end. */
export const undeclaredHost = (domain: string): string => `tidak-dinyatakan-.${domain}`;

async function lookAtOwnGateway({ config, eyes, pause }: Looking): Promise<OwnGateway> {
  const { rounds, zones, site } = config;
  const rules: Record<string, boolean> = {};
  const note = (rule: string, holds: boolean | undefined): void => {
    if (holds !== undefined) rules[rule] = holds;
  };
  for (const zone of zones) {
    await pause();
    note(`caa:${zone}`, await eyes.restrictsIssuers(zone));
  }
  const own = rounds.gateways.find((place) => place.site === site);
  const [first] = rounds.hosts;
  if (own === undefined || first === undefined) return { gateway: {}, rules };
  const { host } = first;
  await pause();
  note("tls-1.2", await eyes.refusesOldTls(own, host));
  await pause();
  note("https-only", await eyes.leadsToHttps(own, host));
  await pause();
  const refused = await eyes.fetch(own, { host: undeclaredHost(rounds.domain), servername: host, path: "/" });
  await pause();
  const answered = await eyes.fetch(own, { host, path: "/" });
  if ("status" in answered) note("hsts", answered.hsts);
  const gateway = {
    ...("status" in refused ? { filters: refused.status === MISDIRECTED } : {}),
    certificateExpires: "status" in answered ? answered.certificateExpires : null,
  };
  return { gateway, rules };
}

async function lookAtGrants({ config, held, now, pause }: Looking): Promise<[string, GrantsItem][]> {
  const seen: [string, GrantsItem][] = [];
  for (const { server, guard, declared } of config.rounds.grants) {
    await pause();
    const told = await held(guard);
    if (told !== undefined) seen.push([probeName.grants(server), grantsItem(told, declared, now())]);
  }
  return seen;
}

/** 421 Misdirected Request (RFC 9110, 15.5.20): what our gateways answer for a name that nobody declared. */
const MISDIRECTED = 421;

async function lookAtHost({ host, serves }: PublishedHost, looking: Looking): Promise<[string, Item][]> {
  const { config, eyes, pause } = looking;
  await pause();
  const resolved = resolvedTo(await eyes.addresses(host), config.rounds.gateways);
  if (resolved === undefined) return [];
  const { to } = resolved;
  const answer = to && (await eyes.fetch(to, { host, path: "/" }));
  const item = nameItem(resolved, answer, config.site);
  if (item === undefined) return [];
  const seen: [string, Item][] = [[probeName.name(host), item]];
  if (to === undefined || answer === undefined || !("status" in answer)) return seen;
  const page = await pageOf(answer, host, to, looking);
  if (page !== undefined) seen.push([probeName.page(host), pageItem(page, host, partsOf(page), config)]);
  if (serves === "portal" && host === config.rounds.domain) {
    await pause();
    const services = htmlOf(await eyes.fetch(to, { host, path: SERVICES }));
    if (services !== undefined)
      seen.push([probeName.services(host), pageItem(services, host, servicePartsOf(services), config)]);
  }
  return seen;
}

/** The portal's page of services (web/services.ts). */
const SERVICES = "/layanan/";

/** The first page, which may say once where on its own host it is (MediaWiki does). */
async function pageOf(
  answer: Fetched,
  host: string,
  to: GatewayPlace,
  { eyes, pause }: Looking,
): Promise<string | undefined> {
  const { status, location } = answer;
  if (status < 300 || status >= 400 || location === undefined) return htmlOf(answer);
  if (!URL.canParse(location, `https://${host}/`)) return undefined;
  const target = new URL(location, `https://${host}/`);
  if (target.host !== host || target.protocol !== "https:") return undefined;
  await pause();
  return htmlOf(await eyes.fetch(to, { host, path: `${target.pathname}${target.search}` }));
}

const htmlOf = (answer: Awaited<ReturnType<Eyes["fetch"]>>): string | undefined =>
  "status" in answer && answer.status >= 200 && answer.status < 300 ? answer.html : undefined;

function pageItem(html: string, host: string, parts: readonly string[], config: Looking["config"]): PageItem {
  const found = injectedInto({ host, html }, isOurs(config));
  return { parts, clean: found.length === 0, ...(found.length === 0 ? {} : { found }) };
}

const isOurs =
  ({ zones, rounds }: Looking["config"]) =>
  (host: string): boolean =>
    [rounds.domain, ...zones].some((zone) => host === zone || host.endsWith(`.${zone}`));

/** One line for each kind of thing that is not as it should be, for people who watch; workloads have lines of their own. */
export function remarksOn(items: Items): string[] {
  const [dirty, names, rules, grants]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const [name, item] of items) {
    if ("clean" in item && !item.clean) dirty.push(`${name.replace(/^\w+:/, "")} (${item.found?.[0] ?? ""})`);
    if ("gateway" in item && !(item.gateway && item.https)) names.push(name.replace(/^\w+:/, ""));
    if ("more" in item)
      grants.push(...item.more.map(([role, database, privilege]) => `${role} ${database} ${privilege}`));
    if ("rules" in item) rules.push(...Object.entries(item.rules).flatMap(([rule, holds]) => (holds ? [] : [rule])));
  }
  const line = (what: string, list: readonly string[]): string[] =>
    list.length === 0
      ? []
      : [`${what}: ${list.slice(0, MOST_NAMED).join(", ")}${list.length > MOST_NAMED ? ", …" : ""}`];
  return [
    ...line("PAGES HOLD WHAT OTHERS PUT THERE", dirty),
    ...line("GRANTS FOR WHICH NO LEAVE IS ON RECORD", grants),
    ...line("names that do not lead to a gateway that answers", names),
    ...line("basic rules that do not hold", rules),
  ];
}

const MOST_NAMED = 3;
