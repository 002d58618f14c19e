/** All records that a signer has, a page at a time, so that they never lie in memory together. */
import { EvidenceReader, type EvidenceReaderOptions, type ReadEvidence } from "../../compliance/read-evidence.ts";
import type { PeerSigner } from "../signer/exchange.ts";

const PAGE = 200;

/** @throws where the signer does not answer. */
export async function readRecords(
  signer: Pick<PeerSigner, "heads" | "records">,
  options: EvidenceReaderOptions,
  page = PAGE,
): Promise<ReadEvidence> {
  const reader = new EvidenceReader(options);
  const { chains, copies } = await signer.heads();
  for (const { writer } of [...chains, ...copies]) {
    for (let after = 0; ; ) {
      const lines = await signer.records(writer, after, page);
      for (const { id, content } of lines) reader.take({ id, bytes: Buffer.from(content, "base64") });
      const last = lines.at(-1);
      if (last === undefined) break;
      after = Number(last.id.slice(last.id.lastIndexOf("/") + 1));
    }
  }
  return reader.finish();
}
