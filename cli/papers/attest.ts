/** A document of the inventory and the file that it is: what is wrong, or the inventory with both joined. Pure. */
import { type Duty, judgeDocuments } from "../../compliance/index.ts";
import { type Inventory, type InventoryFile, parseInventory } from "../../model/index.ts";
import { didYouMean } from "../../model/suggest.ts";
import { text } from "../../model/text.ts";
import { type Wrong, wrong, wrongOf } from "../wrong.ts";
import { setFields } from "./edit-yaml.ts";
import { fileWith } from "./inventory-file.ts";

export interface AttestInput {
  readonly files: readonly InventoryFile[];
  readonly inventory: Inventory;
  readonly duties: readonly Duty[];
  /** Local date of the region. */
  readonly today: string;
  readonly id: string | undefined;
  /** The file below the region's `documents/`, with its SHA-256 in hex; or what is wrong with it. */
  readonly paper: Paper | Wrong;
  /** Another content than the one on record is meant. */
  readonly anew: boolean;
}

export interface Paper {
  readonly file: string;
  readonly sha256: string;
}

/** The file of the inventory to write; undefined: it says so already. */
export interface Attested {
  readonly write: InventoryFile | undefined;
}

export function attestation(input: AttestInput): Attested | readonly Wrong[] {
  const { files, inventory, id, paper, anew } = input;
  const index = inventory.documents.findIndex((one) => one.id === id);
  const document = inventory.documents[index];
  const missing = document ? [] : [notThere(id, inventory)];
  if (document === undefined || !("file" in paper)) return [...missing, ...("file" in paper ? [] : [paper])];
  const holder = fileWith(files, "documents");
  const changed = { name: holder.name, text: setFields(holder.text, "documents", document.id, { ...paper }) };
  const parsed = parseInventory(files.map((one) => (one.name === holder.name ? changed : one)));
  const problems = [
    ...(document.sha256 !== undefined && document.sha256 !== paper.sha256 && !anew
      ? [
          wrong(
            "--file",
            ALTERED,
            text(`SHA-256 ${document.sha256}`, `SHA-256 ${document.sha256}`),
            paper.sha256,
            READ_IT,
          ),
        ]
      : []),
    ...(parsed.ok ? faultsOf(parsed.inventory, index, paper, input) : parsed.problems.map(wrongOf)),
  ];
  if (problems.length > 0) return problems;
  return { write: document.file === paper.file && document.sha256 === paper.sha256 ? undefined : changed };
}

/** Why it would attest nothing, as an assessment says it. One whose day is yet to come is in order. */
function faultsOf(
  inventory: Inventory,
  index: number,
  { file, sha256 }: Paper,
  { duties, today }: AttestInput,
): Wrong[] {
  const { documents, problems } = judgeDocuments({
    inventory,
    duties,
    today,
    seen: [],
    files: new Map([[file, sha256]]),
  });
  const place = `documents[${index}]`;
  const mine = problems.filter(({ path }) => path.startsWith(`${place}.`)).map(({ code: _, ...rest }) => rest);
  const judged = documents[index];
  if (judged?.state !== "expired" || mine.length > 0) return mine;
  return [
    wrong(
      `${place}.expires`,
      judged.reasons[0] ?? ENDED,
      text(`${today} atau sesudahnya`, `${today} or later`),
      judged.expires,
    ),
  ];
}

function notThere(id: string | undefined, { documents }: Inventory): Wrong {
  const known = documents.map((one) => one.id);
  const list = known.join(", ");
  if (id === undefined)
    return wrong("<document-id>", NOT_SAID, text(`salah satu dari: ${list}`, `one of: ${list}`), id);
  return wrong(
    "<document-id>",
    NOT_DECLARED,
    text("id dokumen di documents.yaml", "the id of a document in documents.yaml"),
    id,
    didYouMean(id, known),
  );
}

const ENDED = text("sudah berakhir", "it ended");
const NOT_SAID = text("dokumen belum disebut", "no document was named");
const NOT_DECLARED = text("dokumen ini tidak dinyatakan", "this document is not declared");
const ALTERED = text("isinya bukan yang tercatat di inventaris", "its content is not what the inventory has on record");
const READ_IT = text(
  "periksa apa yang berubah; bila isi yang baru ini yang dimaksud: --yes",
  "see what changed; if this new content is meant: --yes",
);
