/** What users see: the gateway that lets them in, and a write that counts. */
import { text } from "../../model/text.ts";
import type { Piece } from "../runbook.ts";
import { always, HOLDS, holding, inNewEpoch, lacking, nothing, piece, until } from "./kit.ts";

const GATEWAY_SECONDS = 60;
const PROOF_SECONDS = 120;

/** It follows the databases by itself; here that is seen. */
export const openGateway: Piece = piece(
  "open-gateway",
  ({ to }) => ({
    title: text(`Gerbang ${to} melayani`, `The gateway of ${to} serves`),
    byHand: text(
      `Lihat gerbang di ${to} (\`lumbung status\`): ia mengikuti basis data; lalu lanjutkan`,
      `Look at the gateway at ${to} (\`lumbung status\`): it follows the databases; then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    precondition: () => inNewEpoch(course, ports),
    action: nothing,
    check: () =>
      until(ports, GATEWAY_SECONDS, async () => {
        const state = await ports.gateway.seen(course.to);
        return state === "active"
          ? HOLDS
          : lacking(`gerbang ${course.to}: ${state}`, `gateway of ${course.to}: ${state}`);
      }),
  }),
);

/** Its facts: `provenAt`, and `proofs`: what each server took, with its id as `target`. Nobody's safety hangs on it: who saw it by hand may skip it. */
export const prove: Piece = piece(
  "prove",
  () => ({
    title: text("Buktikan dengan tulisan nyata lewat nama publik", "Prove it by a real write through the public name"),
    byHand: text(
      "Coba sendiri: buka situs wilayah dan simpan sesuatu. Perbaiki bagian yang tidak menjawab, lalu lanjutkan, atau lewati",
      "Try it: open the region's site and save something. Mend the part that does not answer, then resume, or skip",
    ),
    expectedSeconds: 5,
    maySkip: true,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: () =>
      until(ports, PROOF_SECONDS, async () => {
        const written = await ports.probe.write(course.to);
        const missing = course.declared.servers.filter(({ id }) => written[id] === undefined).map(({ id }) => id);
        const proofs = Object.entries(written).map(([target, { at, row, through }]) => ({ target, at, row, through }));
        return missing.length === 0
          ? holding({ proofs, provenAt: ports.clock.now().toISOString() })
          : lacking(`tidak tertulis: ${missing}`, `not written: ${missing}`);
      }),
  }),
);
