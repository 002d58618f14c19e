/** Everything that an assessment of a region is made from, as far as this machine can see it. */
import { readFile } from "node:fs/promises";
import {
  type AssessInput,
  type Catalogue,
  EvidenceReader,
  type EvidenceReaderOptions,
  isPrevious,
  mergeEvidence,
  NO_EVIDENCE,
  type Previous,
  parseCatalogue,
  previousIn,
  type ReadEvidence,
} from "../../compliance/index.ts";
import { systemClock } from "../../io/clock.ts";
import { commitOf } from "../../io/commit.ts";
import { readCatalogueFiles, readDocumentDigests } from "../../io/compliance-files.ts";
import { LumbungError, wrongUse } from "../../io/errors.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { readStackState } from "../../io/stack-state.ts";
import { deriveModel, renderProblems } from "../../model/index.ts";
import type { Model, Text } from "../../model/types.ts";
import { inventoryOf, regionOf } from "../context.ts";
import { ringOf } from "../evidence/keys.ts";
import { type EvidenceSource, sourcesOf } from "../evidence/sources.ts";
import type { Options } from "../options.ts";
import { language } from "../output/language.ts";
import { PROJECT } from "../project.ts";

/** @throws LumbungError (2) for an invalid inventory, or a `--previous` that is no assessment of this region. */
export async function gather(options: Options): Promise<AssessInput> {
  const region = regionOf(options);
  const inventory = await inventoryOf(options);
  const now = systemClock.now();
  const [catalogue, commit, read, files] = await Promise.all([
    readCatalogue(),
    commitOf(REPOSITORY),
    readEvidence(options, now),
    readDocumentDigests(
      REPOSITORY,
      region,
      inventory.documents.flatMap(({ file }) => file ?? []),
    ),
  ]);
  const model = deriveModel(inventory);
  const stacks = await statesOf(model);
  const previous = await previousOf(options, region, read.evidence);
  return {
    ...{ catalogue, inventory, files, evidence: read.evidence },
    ...{ model, stacks },
    now,
    commit: commit ?? null,
    ...(read.unreachable === undefined ? {} : { unreachable: read.unreachable }),
    ...(previous === undefined ? {} : { previous }),
  };
}

/** Of each site whose state lies on this machine. */
async function statesOf({ region, sites }: Model): Promise<ReadonlyMap<string, unknown>> {
  const all = await Promise.all(
    sites.map(async ({ id, stack }) => [stack, await readStackState(region.id, id, PROJECT)] as const),
  );
  return new Map(all.filter(([, state]) => state !== undefined));
}

/** @throws Error with every problem: the catalogue is part of the programme. */
export async function readCatalogue(): Promise<Catalogue> {
  const result = parseCatalogue(await readCatalogueFiles(REPOSITORY));
  if (result.ok) return result.catalogue;
  throw new Error(`compliance:\n${renderProblems(result.problems, language())}`);
}

interface Read {
  readonly evidence: ReadEvidence;
  /** Why not all of it could be read. */
  readonly unreachable?: Text;
}

/** What cannot be read is not there, with the reason: an assessment needs no site. */
async function readEvidence(options: Options, now: Date): Promise<Read> {
  const reasons: Text[] = [];
  const stores: ReadEvidence[] = [];
  try {
    const keys = await ringOf(options);
    for (const source of await sourcesOf(options)) {
      try {
        stores.push(await readSource(source, { region: regionOf(options), keys, now, before: stores }));
      } catch (error) {
        reasons.push(reasonOf(error));
      }
    }
  } catch (error) {
    reasons.push(reasonOf(error));
  }
  const evidence = stores.length > 0 ? mergeEvidence(stores) : NO_EVIDENCE;
  const join = (words: Language): string => reasons.map((one) => one[words]).join("; ");
  return reasons.length === 0 ? { evidence } : { evidence, unreachable: { id: join("id"), en: join("en") } };
}

type Language = keyof Text;

async function readSource(source: EvidenceSource, options: EvidenceReaderOptions): Promise<ReadEvidence> {
  const reader = new EvidenceReader({ ...options, ...(source.site === undefined ? {} : { site: source.site }) });
  for await (const record of source.records()) reader.take(record);
  return reader.finish();
}

/** Only what its reader can do something about: anything else is a bug of ours. */
function reasonOf(error: unknown): Text {
  if (error instanceof LumbungError) return error.text;
  throw error;
}

/** The file of --previous, else the newest assessment that was kept as evidence. */
async function previousOf(options: Options, region: string, { seen }: ReadEvidence): Promise<Previous | undefined> {
  if (options.previous === undefined) return previousIn(seen, region);
  const path = options.previous;
  const value = await readFile(path, "utf8")
    .then((content): unknown => JSON.parse(content))
    .catch((cause: unknown) => {
      throw wrongUse({ id: `${path}: tidak terbaca`, en: `${path}: cannot be read` }, undefined, { cause });
    });
  if (isPrevious(value, region)) return value;
  throw wrongUse(
    { id: `${path}: bukan penilaian daerah ${region}`, en: `${path}: no assessment of ${region}` },
    { id: "berkas dari `lumbung check --to`", en: "a file of `lumbung check --to`" },
  );
}
