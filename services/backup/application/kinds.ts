/** The applications that the drill room can start: what each shows, where its uploads are, how it is run. One line for each image. */
import type { DrilledImage } from "../../../model/derive/backup-applications.ts";
import { mediawikiUploads, mediawikiWitness } from "./mediawiki.ts";
import { pengaduanWitness } from "./pengaduan.ts";
import { runNode } from "./run-node.ts";
import { runPhp } from "./run-php.ts";
import type { Running, Starting } from "./starting.ts";
import type { Served } from "./upload.ts";
import type { Query, Witness } from "./witness.ts";
import { wordpressUploads, wordpressWitness } from "./wordpress.ts";

export interface Kind {
  /** Undefined where nothing in the database could be seen in a page. */
  readonly witness: (query: Query) => Promise<Witness | undefined>;
  readonly start: (starting: Starting) => Promise<Running>;
  /** Absent: it keeps no files. */
  readonly uploads?: Served;
}

export const kinds: Readonly<Record<DrilledImage, Kind>> = {
  node: { witness: pengaduanWitness, start: runNode },
  wordpress: { witness: wordpressWitness, start: runPhp, uploads: wordpressUploads },
  mediawiki: { witness: mediawikiWitness, start: runPhp, uploads: mediawikiUploads },
};
