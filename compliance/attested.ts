/** What documents attest of a duty. Pure. */
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import type { AnswerState } from "./assessment.ts";
import { failing, type Looked, ok, type Thing, unknown } from "./checks/check.ts";
import type { JudgedDocument } from "./documents.ts";
import type { Facts } from "./facts.ts";
import type { DocumentKind } from "./schema/documents.ts";
import { fieldsOf } from "./seen.ts";

/** Of an attested way: a document that ended is told apart from one that is not there. */
export interface Attested extends Looked {
  readonly state?: Extract<AnswerState, "expired">;
}

/** Duties of which each agency has a document of its own. */
const PER_OPD: ReadonlySet<string> = new Set(["gov.action-plan"]);

/** What a document must hold besides, by duty (Empat Lawang 36, 37, 39, 40). */
const MUST: Readonly<Record<string, { readonly field: string; readonly all: readonly string[] }>> = {
  "audit.report": { field: "parts", all: ["summary", "overview", "results", "recommendations"] },
  "audit.scope": { field: "covers", all: ["compliance", "security", "performance"] },
  "audit.stages": {
    field: "stages",
    all: ["preparation", "planning", "execution", "supervision", "reporting", "follow-up"],
  },
};

export function attested(facts: Facts, duty: string, kind: DocumentKind): Attested {
  const mine = facts.documents.filter((one) => one.duties.includes(duty) && (one.kind === kind || one.kind === null));
  if (!PER_OPD.has(duty)) return judge(duty, kind, mine);
  const common = mine.filter(({ opd }) => opd === null);
  const own = new Map<string, JudgedDocument[]>();
  for (const one of mine) if (one.opd !== null) own.set(one.opd, [...(own.get(one.opd) ?? []), one]);
  const things = facts.opds.map(({ id }): Thing => {
    const [thing = unknown(id, NO_DOCUMENT)] = judge(duty, kind, [...(own.get(id) ?? []), ...common]).things;
    return { ...thing, name: id };
  });
  const ended = mine.some(({ state }) => state === "expired") && things.every(({ verdict }) => verdict !== "failing");
  return ended && things.some(({ verdict }) => verdict !== "ok") ? { things, state: "expired" } : { things };
}

function judge(duty: string, kind: DocumentKind, mine: readonly JudgedDocument[]): Attested {
  const [best] = mine.filter(({ counts }) => counts).sort((a, b) => (a.expires < b.expires ? 1 : -1));
  if (best) {
    const lacks = lacking(duty, best);
    const { evidence } = best;
    // Its last day counts whole, whatever the zone: a day ends nowhere later than this.
    const thing = lacks
      ? failing(nameOf(best), lacks, { evidence })
      : ok(nameOf(best), { evidence, until: `${best.expires}T23:59:59Z` });
    return { things: [thing] };
  }
  const [ended] = mine.filter(({ state }) => state === "expired").sort((a, b) => (a.expires < b.expires ? 1 : -1));
  if (ended) return { things: [unknown(nameOf(ended), reasonOf(ended))], state: "expired" };
  const [other] = mine;
  return { things: [other ? unknown(nameOf(other), reasonOf(other)) : unknown(kind, NO_DOCUMENT)] };
}

const NO_DOCUMENT = text("tidak ada dokumen yang menyatakannya", "there is no document that attests it");

const nameOf = ({ title, number }: JudgedDocument): string => `${title} ${number}`.trim();

const reasonOf = ({ reasons }: JudgedDocument): Text => reasons[0] ?? NO_DOCUMENT;

function lacking(duty: string, { observed }: JudgedDocument): Text | undefined {
  const must = MUST[duty];
  if (must === undefined || observed === null) return undefined;
  const there = fieldsOf(observed)[must.field];
  const missing = must.all.filter((one) => !(Array.isArray(there) && there.includes(one))).join(", ");
  return missing === "" ? undefined : text(`tidak memuat: ${missing}`, `does not hold: ${missing}`);
}
