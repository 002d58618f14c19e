import { type FollowUp, followUps } from "../../compliance/index.ts";

/** The word of follow-up that was typed, in any case and with spaces or hyphens: `Belum Sesuai`, `belum-sesuai`. */
export function followUpOf(typed: string): FollowUp | undefined {
  const word = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");
  return Object.hasOwn(followUps, word) ? (word as FollowUp) : undefined;
}
