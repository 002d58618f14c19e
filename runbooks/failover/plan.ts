/** Failover: unplanned. The other site is gone, cut off, or its data cannot be served; it is fenced first, whatever it is. */
import { text } from "../../model/text.ts";
import { serverSeen, siteOf, siteSeen } from "../facts.ts";
import { epochUnknown, type Rule, refusalsBy } from "../refusals.ts";
import { type Course, isRaised, type Piece, type Runbook } from "../runbook.ts";
import { drained } from "../steps/caught-up.ts";
import { hasCopies, turnCopies } from "../steps/copies.ts";
import { moveNames, sameAddresses } from "../steps/names.ts";
import { readyToTakeOver } from "../steps/ready.ts";
import { openGateway, prove } from "../steps/service.ts";
import { hasSync, relaxSync } from "../steps/sync.ts";
import { attestedOff, confirmEpoch, fence, openWrites, raiseEpoch, waitOutLease } from "../steps/writes.ts";

/** Both sites well: then nothing has to be lost. */
const wellEnough: Rule = ({ from, to, seen, declared }) => {
  const [old, next] = [siteSeen(seen, from), siteSeen(seen, to)];
  const well = declared.servers.every(({ id }) => serverSeen(seen, from, id).role === "primary");
  return old.reachable && old.state === "active" && well && next.state === "standby"
    ? text(
        `${from} aktif dan ${to} mengikuti: pakai \`lumbung switchover --to ${to}\`, tanpa kehilangan`,
        `${from} is active and ${to} follows: use \`lumbung switchover --to ${to}\`, which loses nothing`,
      )
    : undefined;
};

const noData: Rule = ({ to, seen, declared }) => {
  const without = declared.servers.filter(({ id }) =>
    ["unknown", "rebuilding"].includes(serverSeen(seen, to, id).role),
  );
  return without.length === 0
    ? undefined
    : text(
        `${to} tidak memiliki data yang utuh: ${without.map(({ id }) => id).join(", ")}`,
        `${to} has no whole data: ${without.map(({ id }) => id).join(", ")}`,
      );
};

const alreadyDone: Rule = ({ to, seen, declared }) =>
  siteSeen(seen, to).state === "active" &&
  seen.epoch.site === to &&
  sameAddresses(siteSeen(seen, to).names?.addresses ?? [], siteOf(declared, to).addresses)
    ? text(`${to} sudah aktif`, `${to} is active already`)
    : undefined;

/** Whether the store can prove that the other site is closed. */
const isProven = ({ seen, declared }: Course): boolean => declared.leaseSeconds !== null && seen.epoch.majority;

/** Until the site has the epoch, which it may have by a run that did not come to its end. */
function taking(course: Course): readonly Piece[] {
  if (isRaised("failover", course)) return [];
  return isProven(course) ? [fence, waitOutLease, drained, raiseEpoch] : [attestedOff, drained, confirmEpoch];
}

export const failover: Runbook = {
  name: "failover",
  title: ({ from, to }) => text(`Pengambilalihan oleh ${to} dari ${from}`, `Failover to ${to} from ${from}`),
  refusals: refusalsBy([epochUnknown, wellEnough, noData, alreadyDone]),
  // Where nothing proves that the old site is closed, two people attest that it is switched off.
  needs: (course) => (isProven(course) ? "planned" : "override"),
  pieces: (course) => [
    ...[readyToTakeOver, ...taking(course)],
    ...(hasSync(course) ? [relaxSync] : []),
    openWrites,
    ...(hasCopies(course) ? [turnCopies] : []),
    ...[openGateway, moveNames, prove],
  ],
};
