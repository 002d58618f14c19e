/** Mutants of running sites, without a site: that there is one wherever probes are read, and what judging makes of what probes would say. */
import { beforeAll, describe, expect, test } from "vitest";
import { factsOf } from "../../compliance/facts.ts";
import type { Duty, DutyResult } from "../../compliance/index.ts";
import { modelDigest, type Seen } from "../../compliance/seen.ts";
import { isFed, seeBroken, seeMended, siteMutants, withoutSiteMutant } from "../../compliance/site-mutation.ts";
import { all, asRead, assessLab, lab, labEvidence, NOW } from "../../compliance/testing/lab.ts";
import { lookedAt } from "./looked.ts";

const mutants = siteMutants(all);
const facts = factsOf({
  ...{ ...lab(), now: NOW, digest: modelDigest(lab().model), stacks: new Map(), seen: [], documents: [] },
  unreachable: false,
});
let looked: ReadonlySet<string>;
beforeAll(async () => {
  looked = await lookedAt(lab().model);
});

describe("a duty that probes feed", () => {
  test("has a mutant of the running site", () => {
    expect(withoutSiteMutant(all, facts, looked)).toEqual([]);
    expect(all.duties.filter((duty) => isFed(duty, facts, looked)).length).toBeGreaterThan(15);
  });

  test("and has none once its example is taken away", () => {
    const without = (id: string) =>
      all.duties.map((duty): Duty => {
        const { breakingSite: _, ...rest } = duty;
        return duty.id === id ? rest : duty;
      });
    expect(withoutSiteMutant({ ...all, duties: without("dns.hosted") }, facts, looked)).toEqual(["dns.hosted"]);
    // Those that are broken as it go with it.
    expect(withoutSiteMutant({ ...all, duties: without("site.primary") }, facts, looked)).toEqual(
      expect.arrayContaining(["site.primary", "app.hosted", "app.sla", "dns.subdomain"]),
    );
  });

  test("is one whose check asks for what rounds look at; a mutant of another would show nothing", () => {
    const fed = all.duties.filter((duty) => isFed(duty, facts, looked)).map(({ id }) => id);
    expect(mutants.flatMap(({ breaks }) => breaks).filter((id) => !fed.includes(id))).toEqual([]);
    // Which version is the newest nobody knows here: that part is not built.
    expect(fed).not.toContain("app.maintained");
  });
});

type Alter = (about: string, observed: Record<string, unknown>) => Record<string, unknown> | undefined;

const altered =
  (pattern: RegExp, more: Record<string, unknown>): Alter =>
  (about, observed) =>
    pattern.test(about) ? { ...observed, ...more } : observed;
const failing = (...abouts: readonly string[]): Alter =>
  altered(new RegExp(`^(?:${abouts.join("|")})$`), { health: "failing" });
const together =
  (first: Alter, second: Alter): Alter =>
  (about, observed) => {
    const item = first(about, observed);
    return item === undefined ? undefined : second(about, item);
  };

const named = (kind: "name" | "page" | "services", label: string, more: Record<string, unknown>): Alter =>
  altered(new RegExp(`/${kind}:${label}${DOMAIN}$`), more);
const DOMAIN = "lumbungkab\\.go\\.id";

/** What probes of both sites would say of each mutant: what it breaks, and what stands on that. */
const SIGHTS: Readonly<Record<string, Alter>> = {
  "site.primary": together(failing("dc/app-pengaduan"), named("name", "pengaduan\\.", { status: 503 })),
  "site.drc": failing("drc/dns"),
  "app.repository": failing("drc/code"),
  "data.repository": failing("drc/objects"),
  "data.access": altered(/^dc\/grants:utama$/, { more: [["magang", "*", "MEMBER OF pg_read_all_data"]] }),
  "data.in-dc": together(
    together(
      failing("dc/mariadb-php", "drc/mariadb-php", "dc/app-ppid"),
      altered(/^dc\/mariadb-php$/, { version: undefined }),
    ),
    named("name", "ppid\\.", { status: 503 }),
  ),
  "dns.hosted": named("name", "pengaduan\\.", { gateway: false }),
  "dns.domain": named("name", "", { status: 403 }),
  "web.opd-site": named("name", "dinkes\\.", { status: 403 }),
  "web.opd-content": named("page", "setda\\.", { clean: false }),
  "web.portal-content": named("page", "", { clean: false }),
  "web.service-info": named("services", "", { clean: false }),
  "sec.server-network": altered(/^drc\/gateway$/, { filters: false }),
  "sec.certificates": altered(/^drc\/gateway$/, { filters: undefined, certificateExpires: undefined }),
  "sec.baseline": altered(/\/baseline$/, { rules: { "caa:lumbungkab.go.id": false, hsts: true } }),
  "app.monitored": (_, observed) => observed,
};

function seenWith(alter: Alter, laterSeconds: number): readonly DutyResult[] {
  const seen = labEvidence().flatMap((one): Seen[] => {
    if (one.kind !== "probe") return [one];
    const observed = alter(one.about, one.observed as Record<string, unknown>);
    return observed === undefined ? [] : [{ ...one, observed: observed as Seen["observed"] }];
  });
  return assessLab({ evidence: asRead(seen), now: new Date(NOW.getTime() + laterSeconds * 1000) }).duties;
}

const whole = (): readonly DutyResult[] => seenWith((_, observed) => observed, 0);

describe.each(mutants.map((mutant) => [mutant.duty, mutant] as const))("the mutant of %s", (_, mutant) => {
  test("turns its duties red by what probes say, and what else turns red is listed", () => {
    const sight = SIGHTS[mutant.duty];
    if (sight === undefined) throw new Error(`${mutant.duty}: expected what probes say of it, received nothing`);
    const [before, after] = [whole(), seenWith(sight, mutant.laterSeconds)];
    expect(seeBroken(mutant, before, after)).toEqual({ survived: [], falseReds: [] });
    expect(seeMended(mutant, before, whole())).toEqual([]);
    expect(seeMended(mutant, before, after).join("\n")).toContain(`${mutant.duty}: `);
  });

  test("survives where nothing changed", () => {
    const { survived } = seeBroken(mutant, whole(), whole());
    expect(survived.map((line) => line.split(":")[0])).toEqual(mutant.breaks);
  });
});

describe("judging", () => {
  const hosted = mutants.find(({ duty }) => duty === "dns.hosted");
  const content = mutants.find(({ duty }) => duty === "web.opd-content");
  if (hosted === undefined || content === undefined) throw new Error("no mutants of dns.hosted and web.opd-content");

  test("tells a red that is not listed, with what was seen", () => {
    const { survived, falseReds } = seeBroken(hosted, whole(), seenWith(failing("drc/dns"), 0));
    expect(falseReds).toEqual(["site.drc: not-satisfied; running: not-met (drc/dns: not well)"]);
    expect(survived).toEqual(["dns.hosted: satisfied; running: met"]);
  });

  test("takes what is unknown for broken, and never what is satisfied", () => {
    const gone: Alter = (about, observed) => (about.endsWith("/name:bkd.lumbungkab.go.id") ? undefined : observed);
    const { survived, falseReds } = seeBroken(hosted, whole(), seenWith(gone, 0));
    expect(survived).toEqual([]);
    expect(falseReds.map((line) => line.split(":")[0])).toEqual(["dns.subdomain", "web.opd-site"]);
  });

  test("asks one that is red already for something new", () => {
    const poor = altered(/\/page:/, { parts: [] });
    const before = seenWith(poor, 0);
    expect(seeBroken(content, before, before).survived).toHaveLength(1);
    const after = seenWith(together(poor, named("page", "setda\\.", { clean: false })), 0);
    expect(seeBroken(content, before, after)).toEqual({ survived: [], falseReds: [] });
    expect(seeMended(content, before, after)).toHaveLength(1);
    expect(seeMended(content, before, before)).toEqual([]);
  });
});
