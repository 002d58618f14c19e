import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { makeApprovalKey } from "../../custody/approvers.ts";
import { systemClock } from "../../io/clock.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import { createPrivate } from "../../io/files.ts";
import { type Plan, planDigest, planFaults } from "../../runbooks/engine/plan.ts";
import { faultsText } from "../../runbooks/faults.ts";
import type { PlanView, RunsView } from "../../services/ops/runbooks/views.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { modelOf } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { askRunbooksOf, look, order, siteOfRuns } from "../runbooks/ask.ts";
import { approvalKeys, approvedBy } from "../runbooks/keys.ts";
import { planText } from "../runbooks/plan-text.ts";

/** Signs a plan with a role's key: one that waits in `ops`, or one in a file where this machine does not reach it. */
export async function approve(options: Options, ask?: AskOps): Promise<number> {
  const [what, ...rest] = options.words;
  if (rest.length === 0 && what === "keygen") return keygen(options);
  if (rest.length === 0 && options.from !== undefined && what === undefined) return fromFile(options, options.from);
  if (rest.length === 0) return waiting(options, what, ask);
  throw wrongUse(
    {
      id: `"approve ${options.words.join(" ")}" tidak dikenal`,
      en: `"approve ${options.words.join(" ")}" is not known`,
    },
    {
      id: "approve [sidik rencana] --key <berkas>; approve --from <rencana.json> --key <berkas> --to <berkas>; approve keygen --to <berkas>",
      en: "approve [plan's digest] --key <file>; approve --from <plan.json> --key <file> --to <file>; approve keygen --to <file>",
    },
  );
}

/** The private half goes into the file and nowhere else. */
async function keygen({ to }: Options): Promise<number> {
  if (to === undefined) throw wrongUse({ id: "--to <berkas kunci>", en: "--to <key file>" });
  const { key, publicKey } = makeApprovalKey();
  await createPrivate(to, key).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
    throw refused({ id: `${to} sudah ada: tidak ditimpa`, en: `${to} is there already: it is not overwritten` });
  });
  const told = {
    id: `kunci pribadi: ${to} (simpan sendiri). Kunci publik untuk roles.yaml:`,
    en: `private key: ${to} (keep it yourself). Public key for roles.yaml:`,
  };
  process.stderr.write(`${say(told)}\n`);
  const lines = publicKey
    .trim()
    .split("\n")
    .map((line) => `      ${line}`);
  process.stdout.write(`approvalKeys:\n  - may: [approve]\n    publicKey: |\n${lines.join("\n")}\n`);
  return 0;
}

async function waiting(options: Options, digest: string | undefined, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const keys = await oneKey(options, model);
  const site = siteOfRuns(options, model);
  const ask = given ?? askRunbooksOf(model);
  const { waiting: all } = await look<RunsView>(ask, site);
  const found = all.filter((one) => digest === undefined || one.digest.startsWith(digest));
  const [view] = found;
  if (view === undefined || found.length > 1)
    throw wrongUse(
      {
        id: view === undefined ? "tidak ada rencana demikian yang menunggu" : "lebih dari satu rencana menunggu",
        en: view === undefined ? "no such plan waits" : "more than one plan waits",
      },
      {
        id: `sidiknya: ${all.map((one) => one.digest.slice(0, 12)).join(", ") || "–"}`,
        en: `digests: ${all.map((one) => one.digest.slice(0, 12)).join(", ") || "–"}`,
      },
    );
  await agreed(view, options);
  const approval = approvedBy(view.plan, keys, systemClock.now()).toString("base64");
  const after = await order<PlanView>(ask, site, { verb: "approve", approval });
  process.stdout.write(
    `${say({ id: `disetujui: ${after.approvedBy.length} dari ${after.needed}`, en: `approved: ${after.approvedBy.length} of ${after.needed}` })}\n`,
  );
  return 0;
}

async function fromFile(options: Options, from: string): Promise<number> {
  const { to } = options;
  if (to === undefined) throw wrongUse({ id: "--to <berkas persetujuan>", en: "--to <approval file>" });
  const model = await modelOf(options);
  const key = await oneKey(options, model);
  const said = JSON.parse(await readFile(from, "utf8")) as PlanView;
  const faults = planFaults(said.plan);
  if (faults.length > 0) throw wrongUse(faultsText(faults));
  // The file's own word for its digest is not believed: it is what gets signed.
  const plan: Plan = said.plan;
  await agreed({ ...said, digest: planDigest(plan) }, options);
  await writeFile(to, approvedBy(plan, key, systemClock.now()));
  process.stdout.write(`${say({ id: `ditulis: ${to}`, en: `written: ${to}` })}\n`);
  return 0;
}

async function oneKey(options: Options, model: Awaited<ReturnType<typeof modelOf>>) {
  const keys = await approvalKeys(options, model);
  const [key] = keys;
  if (key !== undefined && keys.length === 1) return key;
  throw wrongUse(
    { id: `satu kunci tiap persetujuan, diterima ${keys.length}`, en: `one key an approval, received ${keys.length}` },
    { id: "--key <berkas kunci>", en: "--key <key file>" },
  );
}

/** Whoever signs has read it. @throws LumbungError (4) where they do not agree, or nobody is asked. */
async function agreed(view: PlanView, { yes }: Options): Promise<void> {
  process.stderr.write(`${say(planText(view))}\n`);
  if (yes) return;
  if (process.stdin.isTTY) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const word = say({ id: "setuju", en: "agree" });
    const said = await lines.question(`${say({ id: `ketik "${word}": `, en: `type "${word}": ` })}`);
    lines.close();
    if (said.trim() === word) return;
  }
  throw refused(
    { id: "belum disetujui", en: "not approved" },
    { id: "baca rencananya, lalu ulangi dengan --yes", en: "read the plan, then repeat with --yes" },
  );
}
