/** The standby site is gone: the active one goes on, exposed, until the other is built anew. It runs at the active site. */
import { text } from "../../model/text.ts";
import { siteSeen } from "../facts.ts";
import { epochUnknown, type Rule, refusalsBy } from "../refusals.ts";
import type { Runbook } from "../runbook.ts";
import { follows } from "../steps/caught-up.ts";
import { hasCopies } from "../steps/copies.ts";
import { copyToRebuilt, namesAgain, stillActive } from "../steps/lost-site.ts";
import { rebuild, reseedLost } from "../steps/old-site.ts";
import { hasSync, relaxSync, tightenSync } from "../steps/sync.ts";

const notOurs: Rule = ({ to, seen }) =>
  seen.epoch.site === to
    ? undefined
    : text(
        `epoch milik ${seen.epoch.site ?? "?"}, bukan ${to}: situs yang hilang itu aktif; pakai \`lumbung failover --to ${to}\``,
        `the epoch is that of ${seen.epoch.site ?? "?"}, not of ${to}: the lost site was active; use \`lumbung failover --to ${to}\``,
      );

const standbyWell: Rule = ({ from, seen }) =>
  siteSeen(seen, from).state === "standby"
    ? text(`${from} mengikuti seperti biasa`, `${from} follows as usual`)
    : undefined;

export const recoveryLost: Runbook = {
  name: "recovery-lost",
  title: ({ from, to }) =>
    text(`${to} tanpa ${from}: bangun ulang ${from}`, `${to} without ${from}: build ${from} anew`),
  refusals: refusalsBy([epochUnknown, notOurs, standbyWell]),
  needs: () => "planned",
  pieces: (course) => [
    stillActive,
    ...(hasSync(course) ? [relaxSync] : []),
    ...[rebuild, reseedLost, follows],
    ...(hasCopies(course) ? [copyToRebuilt] : []),
    namesAgain,
    ...(hasSync(course) ? [tightenSync(({ to }) => to)] : []),
  ],
};
