/** Failback: the site that was active before comes back as standby, without losing what only it has; then a switchover. */
import { text } from "../../model/text.ts";
import { siteSeen } from "../facts.ts";
import { epochUnknown, noMajority, type Rule, refusalsBy } from "../refusals.ts";
import type { Runbook } from "../runbook.ts";
import { keepAside, rejoinOld } from "../steps/old-site.ts";
import { readyToReturn } from "../steps/ready.ts";
import { hasSync, tightenSync } from "../steps/sync.ts";
import { switchPieces } from "../switchover/plan.ts";

const notActive: Rule = ({ from, seen }) => {
  const { state } = siteSeen(seen, from);
  return state === "active" ? undefined : text(`${from} tidak aktif (${state})`, `${from} is not active (${state})`);
};

const silent: Rule = ({ to, seen }) =>
  siteSeen(seen, to).reachable
    ? undefined
    : text(
        `${to} tidak menjawab: bangun dulu (\`lumbung up --site ${to}\`)`,
        `${to} does not answer: build it first (\`lumbung up --site ${to}\`)`,
      );

const bothActive: Rule = ({ to, seen }) =>
  siteSeen(seen, to).state === "active"
    ? text(`BAHAYA: ${to} juga menerima tulisan: tutup dulu`, `DANGER: ${to} takes writes, too: close it first`)
    : undefined;

export const failback: Runbook = {
  name: "failback",
  title: ({ to }) => text(`Pengembalian ke ${to}`, `Failback to ${to}`),
  refusals: refusalsBy([epochUnknown, noMajority, notActive, silent, bothActive]),
  needs: () => "planned",
  pieces: (course) => [
    ...[readyToReturn, keepAside, rejoinOld],
    ...(hasSync(course) ? [tightenSync(({ from }) => from)] : []),
    ...switchPieces(course),
  ],
};
