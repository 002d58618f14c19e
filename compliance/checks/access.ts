/** Who may open data: what leave is on record, and what roles really hold. */
import { type GrantsItem, probeName } from "../../evidence/probes.ts";
import { joined, text } from "../../model/text.ts";
import type { DatabaseModel, DatabaseServerModel, Text } from "../../model/types.ts";
import type { Facts } from "../facts.ts";
import { type Checks, failing, notApplicable, ok, type Thing, unknown, type WayOptions } from "./check.ts";
import { type Judged, thingOf } from "./fresh.ts";
import { NO_SERVERS, runningServers } from "./servers.ts";

export const accessChecks: Checks = {
  "data.access/grants-recorded": ({ inventory }) => ({
    things: inventory.databases.map(({ id, access }): Thing => {
      if (access === undefined) return unknown(id, NOT_ON_RECORD);
      const lacks = access.flatMap((leave) =>
        ITEMS.filter(([item]) => leave[item] === undefined).map(([, what]) => ({ role: leave.role, what })),
      );
      if (lacks.length === 0) return ok(id);
      const told = lacks.map(({ role, what }) =>
        text(`izin ${role} tanpa ${what.id}`, `leave of ${role} without ${what.en}`),
      );
      return failing(id, joined(told));
    }),
    none: notApplicable("tidak ada basis data", "there are no databases"),
  }),
  "data.access/grants-as-recorded": (facts, options) => ({
    things: facts.model.sites.flatMap((site) =>
      runningServers(facts).flatMap((server) => [
        ofServer(facts, site.id, server, options),
        ...server.databases.map((database) => ofDatabase(facts, site.id, server, database, options)),
      ]),
    ),
    none: NO_SERVERS,
  }),
};

/** What a request holds, and how it is decided (Lamandau 37/2018, 12). */
const ITEMS = [
  ["responsible", text("penanggung jawab", "whoever answers for it")],
  ["unit", text("unit kerja", "the unit")],
  ["purpose", text("tujuan", "the purpose")],
  ["data", text("jenis data", "the kind of data")],
  ["confidentiality", text("pernyataan menjaga kerahasiaan", "the statement of confidentiality")],
  ["advice", text("rekomendasi walidata", "the steward's advice")],
  ["approval", text("keputusan sekretaris daerah", "the regional secretary's decision")],
] as const;

const NOT_ON_RECORD = text(
  "izin pihak lain belum dicatat (access di databases.yaml)",
  "whether others have leave is not on record (access in databases.yaml)",
);

function ofServer(facts: Facts, site: string, server: DatabaseServerModel, options: WayOptions): Thing {
  const own = new Set(server.databases.map(({ name }) => name));
  // What is of no declared database alone concerns the server: attributes and memberships of roles, patterns, databases that nobody declared.
  return looked(facts, site, server, [], options, ({ more, untold }) =>
    withoutLeave(
      more.filter(([, database]) => !own.has(database)),
      untold,
    ),
  );
}

function ofDatabase(
  facts: Facts,
  site: string,
  server: DatabaseServerModel,
  { id, name }: DatabaseModel,
  options: WayOptions,
): Thing {
  return looked(facts, site, server, [id], options, ({ databases, more, untold }) => {
    if (!databases.includes(name)) return { unknown: NOT_THERE };
    const here = more.filter(([, database]) => database === name);
    return here.length === 0 && untold > 0 ? { unknown: UNTOLD } : withoutLeave(here, 0);
  });
}

const NOT_THERE = text("tidak ada di server, sehingga tidak diperiksa", "not on the server, so it was not looked into");
const UNTOLD = text("tidak semua yang ditemukan tercatat di bukti", "evidence does not tell all that was found");
const UNREADABLE = text("buktinya tidak terbaca", "its evidence cannot be read");

function looked(
  facts: Facts,
  site: string,
  server: DatabaseServerModel,
  database: readonly string[],
  options: WayOptions,
  judge: (item: GrantsItem) => Judged,
): Thing {
  const lists = [facts.seen.of("probe", `${site}/${probeName.grants(server.id)}`)];
  const name = [site, server.id, ...database].join("/");
  return thingOf(
    facts,
    name,
    lists,
    options,
    (observed): Judged => (isItem(observed) ? judge(observed) : { unknown: UNREADABLE }),
  );
}

const isItem = (value: object): value is GrantsItem =>
  "databases" in value &&
  Array.isArray(value.databases) &&
  "more" in value &&
  Array.isArray(value.more) &&
  "untold" in value;

function withoutLeave(more: GrantsItem["more"], untold: number): Text | undefined {
  if (more.length === 0 && untold === 0) return undefined;
  const rest = more.length + untold - MOST_TOLD;
  const told = more.slice(0, MOST_TOLD).map(([role, database, privilege]) => `${role} ${database} ${privilege}`);
  return joined([
    ...told.map((one) => text(`tanpa izin tercatat: ${one}`, `no leave is on record: ${one}`)),
    ...(rest > 0 ? [text(`dan ${rest} lagi`, `and ${rest} more`)] : []),
  ]);
}

const MOST_TOLD = 5;
