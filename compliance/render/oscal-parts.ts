/** Pieces of OSCAL documents (NIST, OSCAL 1.1.2 JSON) that several of them have. Pure. */
import { uuidOf } from "../../evidence/uuid.ts";
import { printable } from "../../web/cells.ts";
import type { Lang } from "../../web/text.ts";
import type { CitedEvidence, Finding } from "../assessment.ts";
import { followUps } from "../assessment.ts";
import { kindText } from "./chapters/evidence.ts";
import { letterheadOf, type Sources } from "./sources.ts";
import { WORDS } from "./words.ts";

export const OSCAL_VERSION = "1.1.2";

const NAMESPACE = "https://lumbung.example/ns/oscal";

export interface Prop {
  readonly name: string;
  readonly ns: string;
  readonly value: string;
  readonly class?: string;
}

/** A property of ours. OSCAL lets no value be empty, nor begin or end with a space. */
export function prop(name: string, value: string | number, kind?: string): Prop {
  const said = printable(String(value)).trim();
  return { name, ns: NAMESPACE, value: said === "" ? "-" : said, ...(kind === undefined ? {} : { class: kind }) };
}

/** The same from run to run for the same thing; `of` keeps things of one document apart. */
export function uuidIn({ assessment, digest }: Sources, kind: string, id: string): string {
  const lasting = kind === "risk" || kind === "poam-item";
  return uuidOf(`${assessment.region.id}/${lasting ? "" : `${digest}/`}${kind}/${id}`);
}

export function metadata(sources: Sources, title: string, lang: Lang) {
  const { assessment, digest } = sources;
  const { government, office } = letterheadOf(assessment);
  const party = uuidIn(sources, "party", "office");
  return {
    title,
    "last-modified": assessment.at,
    version: digest.slice(0, 12),
    "oscal-version": OSCAL_VERSION,
    props: [
      prop("language", lang),
      prop("assessment-sha256", digest),
      prop("inventory-sha256", assessment.inventory),
      prop("commit", assessment.commit ?? WORDS.unknown[lang]),
    ],
    roles: [{ id: "prepared-by", title: { id: "Penyusun", en: "Prepared by" }[lang] }],
    parties: [
      { uuid: party, type: "organization", name: office === undefined ? government : `${government}, ${office}` },
    ],
    "responsible-parties": [{ "role-id": "prepared-by", "party-uuids": [party] }],
  };
}

/** Each piece of evidence that is cited, with its digest and where the bundle has it. */
export function resources(sources: Sources, lang: Lang) {
  return sources.assessment.evidence.cited.map((one) => ({
    uuid: uuidIn(sources, "resource", one.id),
    title: `${kindText(one)[lang]}: ${one.about}`,
    props: [prop("record", one.id), prop("observed-at", one.at)],
    rlinks: [{ href: evidencePath(one), hashes: [{ algorithm: "SHA-256", value: one.digest }] }],
  }));
}

/** Where the bundle has it. */
export const evidencePath = ({ id }: Pick<CitedEvidence, "id">): string =>
  id.startsWith("documents/") ? id : `evidence/${id}.json`;

/** A finding as OSCAL's risk: what is so, what it leads to, what to do, until when, and what became of it. */
export function riskOf(finding: Finding, sources: Sources, lang: Lang) {
  const { id, condition, criteria, cause, effect, recommendation, priority, due, closedAt, history, owner, followUp } =
    finding;
  return {
    uuid: uuidIn(sources, "risk", id),
    title: condition[lang],
    description: `${WORDS.condition[lang]}: ${condition[lang]} ${WORDS.criteria[lang]}: ${criteria[lang]} ${WORDS.cause[lang]}: ${cause[lang]}`,
    statement: effect[lang],
    props: [
      prop("finding", id),
      prop("kind", finding.kind),
      prop("severity", finding.severity),
      prop("priority", priority.rank),
      prop("cost", priority.cost),
      prop("benefit", priority.benefit),
      prop("risk", priority.risk),
      prop("owner", owner.title[lang]),
      prop("follow-up", followUp),
    ],
    status: closedAt === null ? "open" : "closed",
    deadline: `${due}T23:59:59Z`,
    remediations: [
      {
        uuid: uuidIn(sources, "remediation", id),
        lifecycle: "recommendation",
        title: WORDS.recommendation[lang],
        description: recommendation[lang],
      },
    ],
    "risk-log": {
      entries: history.map(({ at, word, note, by }, index) => ({
        uuid: uuidIn(sources, "entry", `${id}/${index}`),
        title: followUps[word][lang],
        description: note[lang],
        start: at,
        props: [prop("by", by)],
        "status-change": word === "sesuai" ? "closed" : "open",
      })),
    },
  };
}
