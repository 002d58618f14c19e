/**
 * Evidence in a locked bucket: `<region>/<writer>/<number>.json`. A lock keeps the first version; whoever has the bucket's key can still
 * put another on top or hide it. So every version is listed, the first one counts, and that there are more is told.
 */
import { buffer } from "node:stream/consumers";
import type { Client } from "minio";
import { AlreadyThere, type EvidenceStore, type StoredRecord } from "../evidence/store.ts";
import { parseRecordId } from "../evidence/writer.ts";
import { type Version, versionsBelow } from "./object-versions.ts";

/** What is used of the npm client. */
export type Bucket = Pick<Client, "listObjectsQuery" | "getObject" | "putObject">;

export interface ObjectsOptions {
  readonly client: Bucket;
  /** Default `bukti`. */
  readonly bucket?: string;
  readonly region: string;
}

/** What is known of one name: which version was first, and how many there are, delete markers among them. */
interface Known {
  first?: Version;
  versions: number;
}

const SUFFIX = ".json";

export function evidenceObjects({ client, bucket = "bukti", region }: ObjectsOptions): EvidenceStore {
  const nameOf = (id: string): string => {
    if (parseRecordId(id) === undefined) throw new RangeError(`record: expected <writer>/<number>, received "${id}"`);
    return `${region}/${id}${SUFFIX}`;
  };
  const below = (prefix: string): Promise<ReadonlyMap<string, Known>> => known(versionsBelow(client, bucket, prefix));
  const read = async (name: string, first: Version | undefined): Promise<Uint8Array | undefined> => {
    if (first === undefined) return undefined;
    const { versionId } = first;
    return buffer(await client.getObject(bucket, name, typeof versionId === "string" ? { versionId } : {}));
  };
  const get = async (id: string): Promise<Uint8Array | undefined> => {
    const name = nameOf(id);
    return read(name, (await below(name)).get(name)?.first);
  };
  return {
    put: async (id, bytes) => {
      const there = await get(id);
      if (there !== undefined && !Buffer.from(there).equals(bytes)) throw new AlreadyThere(id);
      if (there === undefined)
        await client.putObject(bucket, nameOf(id), Buffer.from(bytes), bytes.byteLength, {
          "Content-Type": "application/json",
        });
    },
    get,
    writers: async () => {
      const names = [...(await below(`${region}/`)).keys()];
      const found = names.flatMap((name) => parseRecordId(idOf(name, region))?.writer ?? []);
      return [...new Set(found)].sort();
    },
    list: async function* (writer, after = 0) {
      const all = await below(writer === undefined ? `${region}/` : `${region}/${writer}/`);
      for (const [name, { first, versions }] of [...all].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const id = idOf(name, region);
        if ((parseRecordId(id)?.sequence ?? Infinity) <= after) continue;
        yield { id, bytes: (await read(name, first)) ?? new Uint8Array(), versions } satisfies StoredRecord;
      }
    },
  };
}

/** By name. Of two versions of the same moment the one that is listed later is the older: S3 lists the newest first. */
async function known(listing: AsyncIterable<Version>): Promise<ReadonlyMap<string, Known>> {
  const time = ({ lastModified }: Version): number => lastModified?.getTime() ?? 0;
  const names = new Map<string, Known>();
  for await (const version of listing) {
    const { name = "", isDeleteMarker = false } = version;
    const one = names.get(name) ?? { versions: 0 };
    one.versions += 1;
    if (!isDeleteMarker && (one.first === undefined || time(version) <= time(one.first))) one.first = version;
    names.set(name, one);
  }
  return names;
}

function idOf(name: string, region: string): string {
  const path = name.startsWith(`${region}/`) ? name.slice(region.length + 1) : name;
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : path;
}
