/** Who may read: by the name in a certificate, held against the list of this deployment and the clock. Pure. */
import { periodState } from "../../../model/auditors.ts";
import { text } from "../../../model/text.ts";
import type { AuditorModel, Text } from "../../../model/types.ts";

/** Of a certificate that was verified against the region's root. */
export interface Shown {
  /** Common name; undefined: it has none. */
  readonly name: string | undefined;
  /** When it ends, as Node.js tells it; undefined: it does not say. */
  readonly validTo: string | undefined;
}

export type Judged = { readonly auditor: AuditorModel } | { readonly refused: Text };

/**
 * A certificate alone lets nobody in: whoever is taken out of the list, or whose period there has ended, is refused at the next question, however long
 * the certificate holds. Its end is looked at again, as a connection or a TLS session may outlive it.
 */
export function judge({ name, validTo }: Shown, people: readonly AuditorModel[], now: Date): Judged {
  const auditor = people.find((one) => one.name === name);
  if (auditor === undefined) return { refused: UNKNOWN(name ?? "?") };
  const period = periodState(auditor, now);
  if (period === "to-come") return { refused: EARLY(auditor) };
  if (period === "over") return { refused: OVER(auditor) };
  // What cannot be read is no certificate that holds.
  if (!(now.getTime() < Date.parse(validTo ?? ""))) return { refused: ENDED };
  return { auditor };
}

const UNKNOWN = (name: string): Text =>
  text(`${name} tidak ada dalam daftar auditor daerah ini`, `${name} is not among the auditors of this region`);
const EARLY = ({ from }: AuditorModel): Text =>
  text(`masa pemeriksaan baru mulai ${from}`, `the period of the audit begins only on ${from}`);
const OVER = ({ until }: AuditorModel): Text =>
  text(`masa pemeriksaan berakhir ${until}`, `the period of the audit ended on ${until}`);
const ENDED = text("sertifikat ini sudah berakhir", "this certificate has ended");
