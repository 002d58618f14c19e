/** Where evidence is read from: a folder, each site's signer, or each site's locked bucket. */
import { stat } from "node:fs/promises";
import { containerName } from "../../components/runtime/docker/names.ts";
import type { EvidenceStore, StoredRecord } from "../../evidence/store.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { type LumbungError, outOfReach, wrongUse } from "../../io/errors.ts";
import { evidenceFolder } from "../../io/evidence-folder.ts";
import { evidenceObjects } from "../../io/evidence-objects.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { modelOf, regionOf, siteOption } from "../context.ts";
import { openBucketAs } from "../copies/store.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";

export interface EvidenceSource {
  /** Absent for a folder that may hold anything. */
  readonly site?: string;
  /** In order of name. @throws LumbungError (3) where it does not answer. */
  records(): AsyncIterable<StoredRecord>;
}

/** The folder of --from, or the sites that are asked for. @throws LumbungError (2). */
export async function sourcesOf(options: Options): Promise<readonly EvidenceSource[]> {
  const region = regionOf(options);
  if (options.from !== undefined) return [await folderSource(options.from, region, options.site)];
  const model = await modelOf(options);
  const sites = options.site === undefined ? model.sites : [siteOption(options, model)];
  return sites.map((site) => (options.bucket ? bucketSource(model, site) : signerSource(region, site, engineOf)));
}

/** @param site whose copy it is. Default: it may hold anything. */
async function folderSource(from: string, region: string, site: string | undefined): Promise<EvidenceSource> {
  const there = await stat(from).catch(() => undefined);
  if (!there?.isDirectory()) {
    throw wrongUse(
      { id: `--from ${from}: bukan folder`, en: `--from ${from}: not a folder` },
      {
        id: `folder yang berisi ${region}/<penulis>/<nomor>.json`,
        en: `a folder that holds ${region}/<writer>/<number>.json`,
      },
    );
  }
  return { ...(site === undefined ? {} : { site }), records: () => evidenceFolder({ root: from, region }).list() };
}

/** Read in the signer's container, from its folder: it need not run well for that, only run. */
export function signerSource(
  region: string,
  site: SiteModel,
  engine: (site: SiteModel) => Pick<DockerEngine, "execLines">,
): EvidenceSource {
  const container = containerName({ region, site: site.id }, "signer");
  return {
    site: site.id,
    records: async function* () {
      for await (const line of heard(container, engine(site).execLines(container, READ))) {
        // It says in words why it has none to give.
        if (!line.startsWith("{")) throw unreachable(container, line);
        yield recordIn(line);
      }
    },
  };
}

async function* heard(container: string, lines: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  try {
    yield* lines;
  } catch (cause) {
    throw unreachable(container, cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause));
  }
}

const READ = ["node", "--max-old-space-size=16", "/usr/local/lib/lumbung/signer.mjs", "records"];

/** One line that a signer says. */
export function recordIn(line: string): StoredRecord {
  const { id, content } = JSON.parse(line) as { readonly id: string; readonly content: string };
  return { id, bytes: Buffer.from(content, "base64") };
}

function bucketSource(model: Model, site: SiteModel): EvidenceSource {
  return {
    site: site.id,
    records: async function* () {
      yield* (await openBucket(model, site, "read")).list();
    },
  };
}

/** A site's locked bucket. @throws LumbungError (2) where none is declared, (3) where it does not answer. */
export async function openBucket(model: Model, site: SiteModel, use: "read" | "write"): Promise<EvidenceStore> {
  const client = await openBucketAs(model, site, EVIDENCE_BUCKET, use);
  return evidenceObjects({ client, bucket: EVIDENCE_BUCKET, region: model.region.id });
}

const EVIDENCE_BUCKET = "bukti";

function unreachable(where: string, why: string): LumbungError {
  return outOfReach(
    { id: `${where}: bukti tidak terbaca: ${why}`, en: `${where}: evidence cannot be read: ${why}` },
    {
      id: "lihat `lumbung status`; atau baca dari folder: --from",
      en: "see `lumbung status`; or read a folder: --from",
    },
  );
}
