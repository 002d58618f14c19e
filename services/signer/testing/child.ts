/** For tests only: a process that opens a chain, signs statements one after another, says what was acknowledged, and may kill itself at a step. */
import { createPrivateKey } from "node:crypto";
import { writeSync } from "node:fs";
import { keyRing, type PublicEvidenceKey } from "../../../evidence/keys.ts";
import { observedSubject } from "../../../evidence/statement.ts";
import { systemClock } from "../../../io/clock.ts";
import { evidenceFolder } from "../../../io/evidence-folder.ts";
import { openLedger } from "../ledger.ts";

interface Told {
  readonly root: string;
  readonly key: string;
  readonly keys: readonly PublicEvidenceKey[];
  /** Killed at this step of this put, counted from 1. */
  readonly step: string;
  readonly put: number;
  readonly statements: number;
}

const told = JSON.parse(process.env.TOLD ?? "{}") as Told;
let puts = 0;
const folder = evidenceFolder({
  root: told.root,
  region: "lab",
  step: (step) => {
    if (step === "begun") puts += 1;
    if (puts === told.put && step === told.step) process.kill(process.pid, "SIGKILL");
  },
});
const ledger = await openLedger({
  folder,
  region: "lab",
  site: "dc",
  key: createPrivateKey(told.key),
  keys: keyRing(told.keys),
  clock: systemClock,
});
writeSync(1, `${ledger.last().id}\n`);
for (let number = 1; number <= told.statements; number += 1) {
  const observed = { number };
  const { id, head } = await ledger.append({
    kind: "state",
    subject: [observedSubject("dc/etcd", observed)],
    observed,
    observedAt: new Date().toISOString(),
    commit: "5f5b72f",
    inventory: "a".repeat(64),
    tool: { name: "test", version: "1" },
  });
  // Written at once: what is on standard output when the process dies was acknowledged.
  writeSync(1, `${id} ${head.digest}\n`);
}
