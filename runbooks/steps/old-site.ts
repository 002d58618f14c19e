/** A site that was active once comes back as standby: nothing that only it has is thrown away unseen. */

import type { Json } from "../../evidence/canonical.ts";
import { text } from "../../model/text.ts";
import type { Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";
import { always, eachServer, HOLDS, lacking, nothing, notYet, piece, unless, until } from "./kit.ts";

const COPY_SECONDS = 6 * 3600;
/** Longer than that it is a person's work, and the run stands until it is resumed. */
const BUILT_SECONDS = 30;

const closedLacking = (course: Course, { databases }: Ports) =>
  eachServer(course, async ({ id }) => notYet(await databases.seen(id, course.to), "not primary"));

/** Its facts, by server: the way back, why, where and how many transactions were kept. */
export const keepAside: Piece = piece(
  "keep-aside",
  ({ to }) => ({
    title: text(`Simpan dan daftar tulisan yang hanya ada di ${to}`, `Keep and list writes that only ${to} has`),
    byHand: text(
      `Salin volume data lama di ${to} ke tempat aman, lalu lewati langkah ini dengan menyebut tempatnya`,
      `Copy the old data volume at ${to} to a safe place, then skip this step and say where`,
    ),
    expectedSeconds: 120,
    // For what was kept by hand: whoever skips it says where, in the reason.
    maySkip: true,
  }),
  (course, ports) => {
    const { databases } = ports;
    const { to, declared } = course;
    return {
      precondition: async () => unless(await closedLacking(course, ports)),
      action: async () => {
        for (const { id } of declared.servers) {
          const { way, onlyHere, kept } = await databases.divergence(id, to);
          if (way !== "none" && onlyHere !== false && kept === null) await databases.keepAside(id, to);
        }
      },
      check: async () => {
        const facts: Record<string, Json> = {};
        const lacks = await eachServer(course, async ({ id }) => {
          const { way, why, onlyHere, kept } = await databases.divergence(id, to);
          facts[id] = { way, why: { ...why }, onlyHere, kept: kept ? { ...kept } : null };
          return way !== "none" && onlyHere !== false && kept === null
            ? text("belum disimpan", "not kept yet")
            : undefined;
        });
        return unless(lacks, facts);
      },
    };
  },
);

/** By rewind where that is sure, else anew. */
export const rejoinOld: Piece = piece(
  "rejoin-old",
  ({ to, from }) => ({
    title: text(`Jadikan ${to} siaga: mundurkan atau isi ulang`, `Make ${to} a standby: rewind or reseed`),
    byHand: text(
      `Isi ulang dengan tangan: \`lumbung reseed --site ${to} --workload <nama>\`; lalu lanjutkan`,
      `Reseed by hand: \`lumbung reseed --site ${to} --workload <name>\`; then resume (${from} stays active)`,
    ),
    expectedSeconds: 600,
  }),
  (course, ports) => {
    const { databases } = ports;
    const { to, declared } = course;
    return {
      precondition: async ({ facts }) =>
        unless([
          ...(await closedLacking(course, ports)),
          ...(await eachServer(course, async ({ id }) => {
            const { way, onlyHere, kept } = await databases.divergence(id, to);
            // Without facts that step was skipped: a person kept it.
            const byHand = facts["keep-aside"] === undefined;
            return way !== "none" && onlyHere !== false && kept === null && !byHand
              ? text("tulisan yang hanya ada di sini belum disimpan", "what only this site has is not kept yet")
              : undefined;
          })),
        ]),
      action: async () => {
        for (const { id } of declared.servers) {
          const { way } = await databases.divergence(id, to);
          if (way === "rewind") await databases.rewind(id, to);
          else if (way === "reseed" || !(await databases.seen(id, to)).following) await databases.reseed(id, to);
        }
      },
      check: () =>
        until(ports, COPY_SECONDS, async () =>
          unless(
            await eachServer(course, async ({ id }) => {
              const { way, why } = await databases.divergence(id, to);
              return way === "none" ? notYet(await databases.seen(id, to), "standby") : why;
            }),
          ),
        ),
    };
  },
);

/** A site that was lost altogether is built by people; here that is seen. */
export const rebuild: Piece = piece(
  "rebuild",
  ({ from, declared }) => ({
    title: text(`Bangun ulang ${from} dari nol`, `Build ${from} anew from nothing`),
    byHand: text(
      `Jalankan: lumbung custody import, lalu lumbung up --region ${declared.region} --site ${from}; sesudah hijau, lanjutkan`,
      `Run: lumbung custody import, then lumbung up --region ${declared.region} --site ${from}; once green, resume`,
    ),
    expectedSeconds: 1800,
  }),
  ({ from }, ports) => ({
    precondition: always,
    action: nothing,
    check: () =>
      until(ports, BUILT_SECONDS, async () => {
        const lacks = await ports.sites.lacking(from);
        if (lacks === undefined) return lacking(`${from} tidak menjawab`, `${from} does not answer`);
        return lacks.length === 0 ? HOLDS : lacking(`belum baik: ${lacks.join(", ")}`, `not well: ${lacks.join(", ")}`);
      }),
  }),
);

/** Data of a site that was built from nothing: copied anew. */
export const reseedLost: Piece = piece(
  "reseed",
  ({ from, to }) => ({
    title: text(`Isi ulang data ${from} dari ${to}`, `Fill the data of ${from} from ${to}`),
    byHand: text(
      `Isi ulang dengan tangan: \`lumbung reseed --site ${from} --workload <nama>\`; lalu lanjutkan`,
      `Reseed by hand: \`lumbung reseed --site ${from} --workload <name>\`; then resume`,
    ),
    expectedSeconds: 1800,
  }),
  (course, ports) => {
    const { databases } = ports;
    const { from, declared } = course;
    return {
      precondition: async () =>
        unless(await eachServer(course, async ({ id }) => notYet(await databases.seen(id, from), "not primary"))),
      action: async () => {
        for (const { id } of declared.servers) {
          const { role, following } = await databases.seen(id, from);
          if (role !== "rebuilding" && !following) await databases.reseed(id, from);
        }
      },
      check: () =>
        until(ports, COPY_SECONDS, async () =>
          unless(await eachServer(course, async ({ id }) => notYet(await databases.seen(id, from), "standby"))),
        ),
    };
  },
);
