/** What the gateway serves: active subdomains, in order of name. */

import type { Application } from "../schema/applications.ts";
import type { Inventory } from "../schema/index.ts";
import type { Subdomain } from "../schema/zones.ts";
import type { HostModel } from "../types.ts";
import { applicationWorkload } from "./names.ts";
import { isRunningApplication } from "./placement.ts";

/** Order of text by code unit: the same on every machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Hosts that are served now. A host of an application or a repository that does not run is left out. */
export function hosts(inventory: Pick<Inventory, "subdomains" | "applications" | "codeRepository">): HostModel[] {
  const running = new Map(inventory.applications.filter(isRunningApplication).map((one) => [one.id, one]));
  return inventory.subdomains
    .filter((subdomain) => subdomain.status === "active")
    .flatMap((subdomain) => {
      const serves = servesOf(subdomain, running, inventory.codeRepository?.status === "running");
      const { host, owner, decree, expires } = subdomain;
      return serves ? [{ host, serves, owner, decree, expires }] : [];
    })
    .sort((a, b) => byText(a.host, b.host));
}

function servesOf(
  subdomain: Subdomain,
  running: ReadonlyMap<string, Application>,
  codeRuns: boolean,
): HostModel["serves"] | undefined {
  if (subdomain.portal) return { kind: "portal" };
  if (subdomain.code) return codeRuns ? { kind: "code", workload: "code" } : undefined;
  if (subdomain.opd !== undefined) return { kind: "opd", opd: subdomain.opd };
  if (subdomain.application === undefined || !running.has(subdomain.application)) return undefined;
  const { application } = subdomain;
  return { kind: "application", application, workload: applicationWorkload(application) };
}

/** Hosts that are published for the code repository, in order of name. */
export function hostsOfCode({ subdomains }: Pick<Inventory, "subdomains">): string[] {
  return subdomains
    .filter(({ code, status }) => code === true && status === "active")
    .map(({ host }) => host)
    .sort(byText);
}

/** By application: the hosts declared for it. Reserved names count only while it does not run. */
export function hostsByApplication(inventory: Pick<Inventory, "subdomains" | "applications">): Map<string, string[]> {
  const running = new Set(inventory.applications.filter(isRunningApplication).map((one) => one.id));
  const found = new Map<string, string[]>();
  for (const { host, application, status } of inventory.subdomains) {
    if (application === undefined || status === "withdrawn") continue;
    if (status === "reserved" && running.has(application)) continue;
    const hosts = found.get(application);
    if (hosts) hosts.push(host);
    else found.set(application, [host]);
  }
  for (const hosts of found.values()) hosts.sort(byText);
  return found;
}
