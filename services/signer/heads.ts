/** A head that comes in from the other site's signer: looked at, and counter-signed in our own chain. */
import { type ChainRecord, openRecord } from "../../evidence/chain.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { headSeen, judgeHead } from "../../evidence/heads.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import { parseWriter } from "../../evidence/writer.ts";
import type { Clock } from "../../io/clock.ts";
import type { EvidenceFolder } from "../../io/evidence-folder.ts";
import type { Ledger } from "./ledger.ts";
import { TOOL } from "./tool.ts";

export interface HeadContext {
  readonly region: string;
  readonly peerSite: string;
  readonly keys: KeyRing;
  readonly ledger: Ledger;
  readonly folder: EvidenceFolder;
  readonly clock: Clock;
}

export type HeadAnswer =
  | { readonly accepted: true; readonly record: ChainRecord | undefined }
  /** `alarm`: somebody tells the past differently; anything else is a mistake of the sender's. */
  | { readonly accepted: false; readonly alarm: boolean; readonly why: string };

/** @param bytes the last record of the other's chain. */
export async function counterSign(bytes: Uint8Array, context: HeadContext): Promise<HeadAnswer> {
  const { region, peerSite, keys, ledger, folder, clock } = context;
  const record = openRecord(bytes, keys);
  if (typeof record === "string") return { accepted: false, alarm: false, why: record };
  const { statement, head } = record;
  if (statement.region !== region || parseWriter(statement.writer)?.site !== peerSite)
    return { accepted: false, alarm: false, why: `${record.id} is not of ${region}/${peerSite}` };
  const copy = await folder.get(record.id);
  if (copy !== undefined && sha256(copy) !== head.digest) return alarm(`${record.id}: our copy says something else`);
  const judgement = judgeHead(ledger.seen().get(statement.writer), head);
  switch (judgement) {
    case "same":
      return { accepted: true, record: undefined };
    case "new":
      return { accepted: true, record: await ledger.append(headSeen(record, TOOL, clock.now())) };
    case "behind":
      return alarm(`${record.id}: we have seen this chain farther than that; its end was cut off`);
    case "fork":
      return alarm(`${record.id}: we have seen another record of this number`);
  }
}

function alarm(why: string): HeadAnswer {
  return { accepted: false, alarm: true, why };
}
