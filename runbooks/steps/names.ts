/** The addresses of the gateway's name and the apex. */
import { text } from "../../model/text.ts";
import { siteOf, siteSeen } from "../facts.ts";
import type { Piece } from "../runbook.ts";
import { holding, inNewEpoch, lacking, piece, until } from "./kit.ts";

const SECONDS = 30;

/** At the site that is active now it must hold; at the other one where it answers. Its facts: `movedAt`, `ttlSeconds`, and `serials` by site. Nobody waits for caches. */
export const moveNames: Piece = piece(
  "move-names",
  ({ to }) => ({
    title: text(`Arahkan nama publik ke ${to}`, `Point the public name to ${to}`),
    byHand: text(
      `Lihat server nama di ${to} (\`lumbung status\`), lalu lanjutkan; alamatnya milik prosedur ini`,
      `Look at the name server at ${to} (\`lumbung status\`), then resume; the addresses belong to this runbook`,
    ),
    expectedSeconds: 5,
  }),
  (course, ports) => {
    const { to, from, seen, declared } = course;
    const { addresses } = siteOf(declared, to);
    return {
      precondition: () => inNewEpoch(course, ports),
      action: async () => {
        await ports.names.set(to, addresses);
        await ports.names.set(from, addresses).catch(() => {});
      },
      check: () =>
        until(ports, SECONDS, async () => {
          // The other site's may be gone, while users wait: both are asked at once.
          const [now, other] = await Promise.all([ports.names.seen(to), ports.names.seen(from).catch(() => undefined)]);
          const before = siteSeen(seen, to).names;
          if (!sameAddresses(now.addresses, addresses))
            return lacking(
              `server nama di ${to} menjawab ${now.addresses}`,
              `the name server at ${to} says ${now.addresses}`,
            );
          if (before !== null && !sameAddresses(before.addresses, addresses) && now.serial <= before.serial)
            return lacking(`nomor zona tidak naik: ${now.serial}`, `the serial did not rise: ${now.serial}`);
          if (other !== undefined && !sameAddresses(other.addresses, addresses))
            return lacking(
              `server nama di ${from} menjawab ${other.addresses}`,
              `the name server at ${from} says ${other.addresses}`,
            );
          const left = [before, siteSeen(seen, from).names].map((names) => names?.ttlSeconds ?? 0);
          return holding({
            movedAt: ports.clock.now().toISOString(),
            // What was there before is what caches hold; a plan of an earlier version does not say how long.
            ttlSeconds: Math.max(now.ttlSeconds, ...left),
            serials: [
              { site: to, before: before?.serial ?? null, after: now.serial },
              { site: from, before: siteSeen(seen, from).names?.serial ?? null, after: other?.serial ?? null },
            ],
          });
        }),
    };
  },
);

export const sameAddresses = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join() === [...b].sort().join();
