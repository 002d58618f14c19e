/** Whether the clocks of this machine and of the sites' engines agree. Offline there is no other source. Pure. */
import type { Text } from "../model/types.ts";

/** Beyond this a person is told. */
const NOTED_SECONDS = 5;
/** Beyond this nothing is brought out. */
const REFUSED_SECONDS = 300;

/** By site: how far its engine's clock is ahead of this machine's, seconds; null: it did not say. */
export type ClockOffsets = Readonly<Record<string, number | null>>;

export interface ClockProblem {
  readonly text: Text;
  readonly hint: Text;
  /** Whether it is so far off that certificates and signatures break. */
  readonly refused: boolean;
}

/** The widest disagreement between any two clocks, this machine's among them; undefined where all agree. */
export function clockProblem(offsets: ClockOffsets): ClockProblem | undefined {
  const clocks = [
    ...Object.entries(offsets).flatMap(([site, seconds]) => (seconds === null ? [] : [{ where: site, seconds }])),
    { where: undefined, seconds: 0 },
  ].sort((a, b) => a.seconds - b.seconds);
  const [behind, ahead] = [clocks[0], clocks.at(-1)];
  if (behind === undefined || ahead === undefined) return undefined;
  const seconds = Math.round(ahead.seconds - behind.seconds);
  if (seconds <= NOTED_SECONDS) return undefined;
  const name = (where: string | undefined): Text =>
    where === undefined ? { id: "mesin ini", en: "this machine" } : { id: `situs ${where}`, en: `site ${where}` };
  const [late, early] = [name(behind.where), name(ahead.where)];
  return {
    text: {
      id: `jam ${early.id} mendahului jam ${late.id} ${seconds} detik${seconds > REFUSED_SECONDS ? WHY.id : ""}`,
      en: `the clock of ${early.en} is ${seconds} seconds ahead of that of ${late.en}${seconds > REFUSED_SECONDS ? WHY.en : ""}`,
    },
    hint: {
      id: "samakan keduanya dengan sumber waktu yang sama (timedatectl, chronyc tracking), lalu ulangi",
      en: "set both by the same source of time (timedatectl, chronyc tracking), then try again",
    },
    refused: seconds > REFUSED_SECONDS,
  };
}

const WHY: Text = {
  id: ": sertifikat baru tampak belum berlaku, TSIG ditolak (RFC 8945: 300 detik), dan tanda tangan DNSSEC tampak habis",
  en: ": new certificates look not yet valid, TSIG is refused (RFC 8945: 300 seconds), and DNSSEC signatures look ended",
};
