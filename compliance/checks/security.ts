/** Information security. */

import { probeName } from "../../evidence/probes.ts";
import { text } from "../../model/text.ts";
import type { Facts } from "../facts.ts";
import { fieldsOf } from "../seen.ts";
import { type Checks, each, failing, notApplicable, ok, type Thing, when } from "./check.ts";
import { notWell, probed } from "./fresh.ts";

export const securityChecks: Checks = {
  "sec.server-network/only-the-gateway-is-published": (facts) => {
    const exported = facts.model.sites.flatMap((site) => publishedIn(facts, site.stack));
    return {
      things: [
        ...facts.model.sites.map(
          ({ id, workloads }): Thing =>
            workloads.some(({ kind }) => kind === "gateway")
              ? ok(`${id}/gateway`)
              : failing(`${id}/gateway`, text("tanpa gerbang", "without a gateway")),
        ),
        ...exported.map(
          ({ stack, name }): Thing =>
            PUBLISHED.includes(name)
              ? ok(`${stack}/${name}`)
              : failing(`${stack}/${name}`, text("port-nya terbuka keluar", "its port is open to the outside")),
        ),
      ],
    };
  },
  "sec.server-network/gateway-filters": (facts, options) => ({
    things: facts.model.sites.map(({ id }) =>
      probed(
        facts,
        "gateway",
        options,
        (observed) =>
          notWell(observed) ??
          when(observed.filters !== true, "tidak menyaring permintaan", "does not filter requests"),
        [id],
      ),
    ),
  }),
  "sec.access/rights-have-a-keeper": ({ applications }) =>
    each(
      applications,
      ({ id }) => id,
      ({ steward, status }) =>
        when(steward === undefined, "tanpa pemegang hak akses", `without a keeper of access rights (${status})`),
      notApplicable("tidak ada aplikasi", "there are no applications"),
    ),
  "sec.baseline/basic-rules-declared": ({ model, inventory }) => ({
    things: [
      ...inventory.zones.map(
        ({ name, caa }): Thing =>
          caa.length > 0
            ? ok(`CAA ${name}`)
            : failing(`CAA ${name}`, text("siapa pun dapat menerbitkan sertifikat", "anybody may issue certificates")),
      ),
      ...model.sites.flatMap(({ id, workloads }) =>
        workloads
          .filter(({ kind }) => kind !== "config")
          .map(
            ({ name, memoryBytes }): Thing =>
              memoryBytes > 0
                ? ok(`${id}/${name}`)
                : failing(`${id}/${name}`, text("tanpa batas memori", "without a limit of memory")),
          ),
      ),
    ],
  }),
  "sec.baseline/basic-rules-in-force": (facts, options) => ({
    things: facts.model.sites.map(({ id }) =>
      probed(
        facts,
        probeName.baseline,
        options,
        ({ rules }) => {
          const broken = Object.entries(fieldsOf(rules)).flatMap(([rule, holds]) => (holds === true ? [] : [rule]));
          const none = Object.keys(fieldsOf(rules)).length === 0;
          return (
            when(none, "tidak ada aturan yang diperiksa", "no rule was looked at") ??
            when(broken.length > 0, `dilanggar: ${broken.join(", ")}`, `broken: ${broken.join(", ")}`)
          );
        },
        [id],
      ),
    ),
  }),
  "sec.certificates/tls-certificates-valid": (facts, options) => ({
    things: facts.model.sites.map(({ id }) =>
      probed(
        facts,
        "gateway",
        options,
        ({ certificateExpires }) => {
          const expires = Date.parse(String(certificateExpires));
          return (
            when(Number.isNaN(expires), "masa berlakunya tidak terlihat", "its expiry was not seen") ??
            when(expires <= facts.now.getTime(), `berakhir ${certificateExpires}`, `ended at ${certificateExpires}`)
          );
        },
        [id],
      ),
    ),
  }),
};

/** Workloads that answer on the site's public address: the gateway, the names, git over SSH. */
const PUBLISHED: readonly string[] = ["gateway", "dns", "code", "epoch"];

/** Names of containers that publish a port, in a stack's exported state; none where it was not exported. */
function publishedIn({ stacks }: Facts, stack: string): { readonly stack: string; readonly name: string }[] {
  const { resources } = fieldsOf(fieldsOf(stacks.get(stack)).deployment ?? stacks.get(stack));
  return (Array.isArray(resources) ? resources : []).flatMap((resource: unknown) => {
    const { type, urn, outputs } = fieldsOf(resource);
    const { ports } = fieldsOf(outputs);
    if (type !== "docker:index/container:Container" || !Array.isArray(ports) || ports.length === 0) return [];
    return [{ stack, name: String(urn).split("::").at(-1) ?? "" }];
  });
}
