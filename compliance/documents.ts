/** Documents that attest: those of the inventory, and signed attestations. Each is judged by itself, and every fault of it is told. Pure. */
import { canonicalJson, type Json } from "../evidence/canonical.ts";
import { sha256 } from "../evidence/dsse.ts";
import type { Inventory } from "../model/index.ts";
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import type { DocumentResult, DocumentState, EvidenceRef, InputProblem } from "./assessment.ts";
import { A_DAY, A_DECLARED_ROLE, A_DUTY, NO_EXPIRY, noDuty } from "./judging-words.ts";
import { DOCUMENTS, type DocumentKind } from "./schema/documents.ts";
import type { Duty } from "./schema/duty.ts";
import { rolesOf } from "./schema/offices.ts";
import { fieldsOf, type Seen, textOf } from "./seen.ts";

/** What lies at a document's `file`: its SHA-256 in hex, or null where nothing is there. By the file's path. */
export type FileDigests = ReadonlyMap<string, string | null>;

export interface JudgedDocument extends DocumentResult {
  /** In force today, and nothing is wrong with it. */
  readonly counts: boolean;
  readonly opd: string | null;
  readonly evidence: EvidenceRef;
  /** Of an attestation. */
  readonly observed: Json | null;
}

export interface DocumentsInput {
  readonly inventory: Inventory;
  readonly seen: readonly Seen[];
  readonly files: FileDigests;
  readonly duties: readonly Duty[];
  /** Local date of the region. */
  readonly today: string;
}

/** What a document says of itself, not judged yet. */
interface Told extends Omit<DocumentResult, "state" | "reasons"> {
  readonly path: string;
  readonly opd: string | null;
  readonly evidence: EvidenceRef;
  readonly observed: Json | null;
}

export function judgeDocuments(input: DocumentsInput): {
  readonly documents: readonly JudgedDocument[];
  readonly problems: readonly InputProblem[];
} {
  const roles = rolesOf(input.inventory);
  const dutyIds = new Set(input.duties.map(({ id }) => id));
  const problems: InputProblem[] = [];
  const documents = [...fromInventory(input), ...fromEvidence(input)].map((told): JudgedDocument => {
    const faults = faultsOf(told, { ...input, roles, dutyIds });
    problems.push(...faults.map(({ problem }) => problem));
    const { path, ...rest } = told;
    const state = faults.find((fault) => fault.state !== "in-force")?.state ?? lifeOf(told, input.today);
    const reasons = [...faults.map(({ problem }) => problem.message), ...lifeReasons(state, told)];
    return { ...rest, state, reasons, counts: state === "in-force" };
  });
  return { documents, problems };
}

function fromInventory({ inventory, duties }: DocumentsInput): Told[] {
  const kinds = kindsByDuty(duties);
  return inventory.documents.map((one, index) => {
    const of = new Set(one.duties.flatMap((id) => kinds.get(id) ?? []));
    return {
      path: `documents[${index}]`,
      id: one.id,
      // The inventory's kinds are wider. Where its duties know only one kind of document, it is that one.
      kind: of.size === 1 ? ([...of][0] ?? null) : null,
      title: one.title,
      number: one.number,
      date: one.date,
      expires: one.expires,
      owner: one.owner,
      opd: one.opd ?? null,
      duties: one.duties,
      file: one.file ?? null,
      digest: one.sha256 ?? null,
      evidence: { id: `documents/${one.id}`, digest: one.sha256 ?? sha256(canonicalJson(one)) },
      observed: null,
    };
  });
}

function fromEvidence({ seen, duties }: DocumentsInput): Told[] {
  const byKind = new Map<string, string[]>();
  for (const [id, kinds] of kindsByDuty(duties))
    for (const kind of kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), id]);
  return seen
    .filter(({ kind }) => kind === "attestation")
    .map(({ id: record, digest, about, observed }) => {
      const told = fieldsOf(observed);
      const kind = about.split("/")[0] ?? "";
      const list = Array.isArray(told.duties) ? told.duties.map(String) : (byKind.get(kind) ?? []);
      return {
        path: record,
        id: textOf(told.id) ?? about,
        kind: Object.hasOwn(DOCUMENTS, kind) ? (kind as DocumentKind) : null,
        title: textOf(told.title) ?? "",
        number: textOf(told.number) ?? "",
        date: textOf(told.date) ?? "",
        expires: textOf(told.expires) ?? "",
        owner: textOf(told.owner) ?? "",
        opd: textOf(told.opd) ?? null,
        duties: list,
        file: textOf(told.file) ?? null,
        digest: textOf(told.sha256) ?? null,
        evidence: { id: record, digest },
        observed,
      };
    });
}

/** Kinds of document that a duty's ways name. */
function kindsByDuty(duties: readonly Duty[]): Map<string, DocumentKind[]> {
  return new Map(
    duties.map(({ id, shown }) => [
      id,
      shown.flatMap((one) => (one.way === "attested" ? one.by : one.way === "running" ? (one.document ?? []) : [])),
    ]),
  );
}

interface Fault {
  readonly state: DocumentState;
  readonly problem: InputProblem;
}

interface Known extends DocumentsInput {
  readonly roles: ReadonlySet<string>;
  readonly dutyIds: ReadonlySet<string>;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
/** A day that the calendar has. */
export function isDay(value: string): boolean {
  const time = DAY.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** Everything that is wrong with it, whatever the day is. */
function faultsOf(told: Told, { roles, dutyIds, files }: Known): Fault[] {
  const fault = (
    state: DocumentState,
    code: string,
    field: string,
    message: Text,
    expected: Text,
    received: string,
  ) => ({
    state,
    problem: { code, path: `${told.path}.${field}`, message, expected, received: JSON.stringify(received), hint: null },
  });
  const found: Fault[] = [];
  if (!roles.has(told.owner))
    found.push(fault("nobodys", "attested-by-nobody", "owner", NOBODYS, A_DECLARED_ROLE, told.owner));
  if (told.title === "") found.push(fault("refused", "untitled", "title", NO_TITLE, A_TITLE, told.title));
  if (!isDay(told.date)) found.push(fault("refused", "unreadable-date", "date", NO_DAY, A_DAY, told.date));
  if (!isDay(told.expires))
    found.push(fault("expired", "unreadable-expiry", "expires", NO_EXPIRY, A_DAY, told.expires));
  // It attests what it names rightly.
  for (const id of told.duties.filter((duty) => !dutyIds.has(duty)))
    found.push(fault("in-force", "unknown-duty", "duties", noDuty(id), A_DUTY, id));
  if (told.file !== null && files.has(told.file)) {
    const there = files.get(told.file) ?? null;
    if (there === null) found.push(fault("refused", "file-missing", "file", NO_FILE, A_FILE, told.file));
    else if (told.digest !== null && there !== told.digest)
      found.push(fault("altered", "digest-differs", "sha256", ALTERED, digestIs(told.digest), there));
  }
  return found;
}

/** Its last day counts. */
function lifeOf({ date, expires }: Told, today: string): DocumentState {
  if (date > today) return "not-yet";
  return expires < today ? "expired" : "in-force";
}

function lifeReasons(state: DocumentState, { date, expires }: Told): Text[] {
  if (state === "not-yet") return [text(`baru berlaku ${date}`, `in force from ${date}`)];
  if (state === "expired") return [text(`berakhir ${expires}`, `ended on ${expires}`)];
  return [];
}

const NOBODYS = text("pernyataan tanpa penanggung jawab", "attested by nobody");
const NO_TITLE = text("tanpa judul", "without a title");
const A_TITLE = text("judul dokumen", "the document's title");
const NO_DAY = text("tanggalnya tidak terbaca", "its date cannot be read");
const NO_FILE = text("berkasnya tidak ada", "its file is not there");
const A_FILE = text("berkas di folder documents", "a file in the folder documents");
const ALTERED = text("isi berkas tidak sama dengan yang dicatat", "the file is not what was recorded");
const digestIs = (digest: string): Text => text(`SHA-256 ${digest}`, `SHA-256 ${digest}`);
