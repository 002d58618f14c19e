/** Closing one site and opening the other: never both. */

import { outOfReach } from "../../io/errors.ts";
import { text } from "../../model/text.ts";
import type { Held } from "../engine/program.ts";
import { type DeclaredServer, serverSeen } from "../facts.ts";
import type { Ports } from "../ports.ts";
import type { Course, Piece } from "../runbook.ts";
import {
  always,
  eachServer,
  factOf,
  HOLDS,
  holding,
  inNewEpoch,
  lacking,
  nothing,
  notYet,
  otherEpoch,
  othersClosed,
  piece,
  unless,
  until,
} from "./kit.ts";

const CLOSE_SECONDS = 60;
const OPEN_SECONDS = 120;
/** A guard that holds the epoch waits for the lease once: TTL, margin, and its own round. */
const LEASE_SLACK_SECONDS = 30;

/** Its facts: `closedAt`, and each server's last position by its id. */
export const closeWrites: Piece = piece(
  "close-writes",
  ({ from }) => ({
    title: text(`Hentikan tulisan di ${from} dengan tertib`, `Stop writes at ${from} in order`),
    byHand: text(
      `Batalkan untuk membuka ${from} lagi; atau tutup mesin basis data di ${from}, lalu lanjutkan`,
      `Abort to open ${from} again; or close the database servers at ${from}, then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => {
    const { from, epoch } = course;
    const { lease, databases } = ports;
    return {
      precondition: async () => otherEpoch(await lease.seen(), [{ epoch, site: from }]),
      action: () => lease.close(from, epoch),
      check: () =>
        until(ports, CLOSE_SECONDS, async () => {
          const facts: Record<string, string> = { closedAt: ports.clock.now().toISOString() };
          const lacks = await eachServer(course, async ({ id }) => {
            const seen = await databases.seen(id, from);
            if (seen.position !== null) facts[id] = seen.position;
            return (
              notYet(seen, "not primary") ??
              (seen.position === null
                ? text("posisi terakhir tidak diketahui", "its last position is unknown")
                : undefined)
            );
          });
          const { guards } = await lease.seen();
          if (lacks.length === 0 && guards[from] !== "closed")
            return lacking(`penjaga di ${from} belum tertutup`, `the guards at ${from} are not closed`);
          return unless(lacks, facts);
        }),
      undo: async () => {
        await lease.reopen(from, epoch);
        await openAgain(course, ports, course.declared.servers);
      },
    };
  },
);

/** Servers of the site that was closed take writes again, as before; its guards take the lease by themselves. */
async function openAgain(course: Course, ports: Ports, servers: readonly DeclaredServer[]): Promise<void> {
  const { from, epoch } = course;
  const { lease, databases } = ports;
  const guards = await until(ports, leaseSeconds(course), async () =>
    (await lease.seen()).guards[from] === "open"
      ? HOLDS
      : lacking(`penjaga di ${from} belum terbuka`, `the guards at ${from} are not open`),
  );
  if (!guards.holds) throw outOfReach(guards.why);
  for (const { id } of servers) await databases.open(id, from, epoch);
  const opened = await until(ports, OPEN_SECONDS, async () =>
    unless(
      await eachServer({ ...course, declared: { ...course.declared, servers } }, async ({ id }) =>
        notYet(await databases.seen(id, from), "primary"),
      ),
    ),
  );
  if (!opened.holds) throw outOfReach(opened.why);
}

/** The lease of a site that has closed ends at once, instead of running out. */
export const endLease: Piece = piece(
  "end-lease",
  ({ from }) => ({
    title: text(`Akhiri izin tulis (lease) ${from}`, `End the lease of ${from}`),
    byHand: text(
      "Tunggu sampai izin tulis habis sendiri, lalu lanjutkan",
      "Wait until the lease has run out by itself, then resume",
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => {
    const { from, to, epoch } = course;
    return {
      precondition: async () => {
        const seen = await ports.lease.seen();
        const epochs = otherEpoch(seen, [{ epoch, site: from }]);
        if (!epochs.holds) return epochs;
        return seen.guards[from] === "closed"
          ? HOLDS
          : lacking(`penjaga di ${from} belum tertutup`, `the guards at ${from} are not closed`);
      },
      action: () => ports.lease.resign(from, epoch),
      check: () =>
        until(ports, leaseSeconds(course), async () =>
          othersClosed(await ports.lease.seen(), to, ports.clock.now())
            ? HOLDS
            : lacking(`izin tulis ${from} belum berakhir`, `the lease of ${from} has not ended`),
        ),
    };
  },
);

/** A takeover: the other site closes in good order as far as it answers; where it does not, its lease runs out. Holds in any case: waiting is the next step. */
export const fence: Piece = piece(
  "fence",
  ({ from }) => ({
    title: text(`Tutup ${from} sejauh masih menjawab`, `Close ${from} as far as it answers`),
    byHand: text(
      "Saksi dan situs ini harus saling menjawab. Bila tidak bisa: gantikan dengan failover baru, dua persetujuan",
      "Witness and this site must answer each other. If they cannot: put a new failover in its place, two approvals",
    ),
    expectedSeconds: 10,
  }),
  (course, ports) => {
    const { from, epoch } = course;
    const { lease } = ports;
    return {
      precondition: async () => otherEpoch(await lease.seen(), [{ epoch }]),
      action: () => lease.close(from, epoch).catch(() => {}),
      check: async () => {
        const { guards } = await lease.seen();
        return guards[from] === "open"
          ? lacking(`${from} menjawab dan belum tertutup`, `${from} answers and is not closed`)
          : holding({ guards: guards[from] ?? "unknown" });
      },
      undo: async (context) => {
        // One that never answered was told nothing; any other must hear that it may go on as before.
        const silent = factOf(context, "fence", "guards") === "unknown" && !(await ports.sites.reachable(from));
        if (silent) return;
        await lease.reopen(from, epoch);
        const before = course.declared.servers.filter(({ id }) => serverSeen(course.seen, from, id).role === "primary");
        if (before.length > 0) await openAgain(course, ports, before);
      },
    };
  },
);

/** What was proven before the fence runs out by itself: no message is needed for that. */
export const waitOutLease: Piece = piece(
  "wait-lease",
  (course) => ({
    title: text(`Tunggu sampai ${course.from} pasti tertutup`, `Wait until ${course.from} is surely closed`),
    byHand: text(
      `${course.from} masih memegang izin tulis: matikan atau putuskan dari saksi, tunggu, lalu lanjutkan`,
      `${course.from} still holds the lease: switch it off or cut it from the witness, wait, then resume`,
    ),
    expectedSeconds: (course.declared.leaseSeconds ?? 0) + 5,
  }),
  (course, ports) => ({
    precondition: async () => otherEpoch(await ports.lease.seen(), [{ epoch: course.epoch }]),
    action: nothing,
    check: () =>
      until(ports, leaseSeconds(course), async () => {
        const seen = await ports.lease.seen();
        return othersClosed(seen, course.to, ports.clock.now())
          ? holding({ closedBy: seen.closedBy })
          : mayStillWrite(course.from);
      }),
  }),
);

const mayStillWrite = (from: string): Held =>
  lacking(`${from} mungkin masih menerima tulisan`, `${from} may still take writes`);

const leaseSeconds = ({ declared }: { readonly declared: { readonly leaseSeconds: number | null } }): number =>
  2 * (declared.leaseSeconds ?? 0) + LEASE_SLACK_SECONDS;

/** Without a majority nothing proves that the other site is closed: people do. */
export const attestedOff: Piece = piece(
  "attested-off",
  ({ from }) => ({
    title: text(`${from} mati menurut dua penyetuju, dan diam`, `${from} is off by two approvals, and silent`),
    byHand: text(
      `${from} MASIH MENJAWAB. Matikan listrik atau cabut jaringannya, pastikan di tempat, lalu lanjutkan`,
      `${from} STILL ANSWERS. Cut its power or its network, make sure on the spot, then resume`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => ({
    precondition: always,
    action: nothing,
    check: async () => {
      if (!(await ports.sites.reachable(course.from))) return HOLDS;
      const lacks = await eachServer(course, async ({ id }) =>
        notYet(await ports.databases.seen(id, course.from), "not primary"),
      );
      return unless(lacks);
    },
  }),
);

/** The one moment from which there is no way back. */
export const raiseEpoch: Piece = piece(
  "raise-epoch",
  ({ epoch, to }) => ({
    title: text(`Naikkan epoch ke ${epoch + 1} untuk ${to}`, `Raise the epoch to ${epoch + 1} for ${to}`),
    byHand: text(
      "Penyimpan epoch harus menjawab dengan mayoritas (saksi dan satu situs); lalu lanjutkan",
      "The epoch store must answer with a majority (witness and one site); then resume",
    ),
    expectedSeconds: 5,
    pointOfNoReturn: true,
  }),
  (course, ports) => {
    const { from, to, epoch } = course;
    const { lease, clock } = ports;
    return {
      precondition: async () => {
        const epochs = otherEpoch(await lease.seen(), [{ epoch }, { epoch: epoch + 1, site: to }]);
        if (!epochs.holds) return epochs;
        // Waited for: a guard that saw the lease end may be silent now, and another counts from when it saw it itself.
        return until(ports, leaseSeconds(course), async () => {
          const seen = await lease.seen();
          return seen.epoch === epoch + 1 || othersClosed(seen, to, clock.now()) ? HOLDS : mayStillWrite(from);
        });
      },
      action: async () => {
        if ((await lease.seen()).epoch === epoch) await lease.promote({ epoch: epoch + 1, site: to });
      },
      check: () =>
        until(ports, leaseSeconds(course), async () => {
          const seen = otherEpoch(await lease.seen(), [{ epoch: epoch + 1, site: to }]);
          return seen.holds ? holding({ epoch: epoch + 1 }) : seen;
        }),
    };
  },
);

/** The same where no majority can say so. */
export const confirmEpoch: Piece = piece(
  "raise-epoch",
  ({ epoch, to }) => ({
    title: text(`Tetapkan epoch ${epoch + 1} untuk ${to}`, `Set the epoch to ${epoch + 1} for ${to}`),
    byHand: text(
      `Di ${to}: \`lumbung confirm ${epoch + 1} ${to}\`; lalu lanjutkan`,
      `At ${to}: \`lumbung confirm ${epoch + 1} ${to}\`; then resume`,
    ),
    expectedSeconds: 10,
    pointOfNoReturn: true,
  }),
  (course, ports) => {
    const { from, to, epoch } = course;
    return {
      precondition: async () =>
        unless(
          (await ports.sites.reachable(from))
            ? await eachServer(course, async ({ id }) => notYet(await ports.databases.seen(id, from), "not primary"))
            : [],
        ),
      action: () => ports.lease.confirm({ epoch: epoch + 1, site: to }),
      check: async () => {
        const seen = otherEpoch(await ports.lease.seen(), [{ epoch: epoch + 1, site: to }]);
        return seen.holds ? holding({ epoch: epoch + 1 }) : seen;
      },
    };
  },
);

/** Its facts are when each server was seen open, by its id. */
export const openWrites: Piece = piece(
  "open-writes",
  ({ to }) => ({
    title: text(`Buka tulisan di ${to}`, `Open writes at ${to}`),
    byHand: text(
      `Lihat mesin basis data yang belum terbuka di ${to} (\`lumbung status\`); lalu lanjutkan`,
      `See which database server at ${to} is not open (\`lumbung status\`); then resume`,
    ),
    expectedSeconds: 10,
  }),
  (course, ports) => {
    const { to, epoch } = course;
    const { databases, lease } = ports;
    return {
      precondition: () =>
        until(ports, leaseSeconds(course), async () => {
          const epoch = await inNewEpoch(course, ports);
          if (!epoch.holds) return epoch;
          return (await lease.seen()).guards[to] === "open"
            ? HOLDS
            : lacking(`penjaga di ${to} belum terbuka`, `the guards at ${to} are not open`);
        }),
      action: async () => {
        for (const { id } of course.declared.servers) await databases.open(id, to, epoch + 1);
      },
      check: () =>
        until(ports, OPEN_SECONDS, async () => {
          const at = ports.clock.now().toISOString();
          const lacks = await eachServer(course, async ({ id }) => notYet(await databases.seen(id, to), "primary"));
          return unless(lacks, { openedAt: at });
        }),
    };
  },
);
