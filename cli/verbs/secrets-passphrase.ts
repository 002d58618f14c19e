/** `secrets rotate passphrase --site <part>`: Pulumi's stack, the bundle and the passphrase's file change together. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { systemEntropy } from "../../custody/entropy.ts";
import { ROOT_PART } from "../../custody/paths.ts";
import { replacePassphrase } from "../../custody/repassphrase.ts";
import { withRegionLock } from "../../custody/store.ts";
import { outOfReach, wrongUse } from "../../io/errors.ts";
import { ensurePrivateFolder, type FileContent, filesBelow, readIfThere } from "../../io/files.ts";
import { partHome } from "../../io/home.ts";
import { digestOf } from "../../io/kept.ts";
import { placesOf } from "../../model/places.ts";
import type { Model } from "../../model/types.ts";
import { BACKBONE } from "../../stacks/stack-name.ts";
import { openStack, partEnvironment } from "../automation.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { PROJECT } from "../project.ts";
import { aloneInRegion } from "../region-lock.ts";
import { liftStaleLock } from "../stack-lock.ts";

/** Folders of Pulumi's state with copies that the old passphrase opens. */
const COPIES = ["backups", "history"];

export async function rotatePassphrase(model: Model, options: Options): Promise<number> {
  const region = model.region.id;
  const part = partOption(model, options);
  await aloneInRegion(region, async () => {
    const stack = part === ROOT_PART ? undefined : await openStack(region, part, async () => {});
    if (stack !== undefined) await liftStaleLock(region, part, PROJECT, stack);
    await withRegionLock(region, process.env, () =>
      replacePassphrase(region, part, process.env, systemEntropy, async (_, after) =>
        stack === undefined ? [] : stateAnew(region, part, after),
      ),
    );
    if (stack === undefined) return;
    const state = join(partHome(region, part), "state", ".pulumi");
    for (const folder of COPIES) await rm(join(state, folder), { recursive: true, force: true });
    for (const file of [".json.bak", ".json.bak.attrs"])
      await rm(join(state, "stacks", PROJECT, `${region}-${part}${file}`), { force: true });
    // Where `pulumi` from a shell looks for the stack's settings, which say how its secrets are locked.
    await openStack(region, part, async () => {});
  });
  const text = {
    id: `frasa sandi ${part} diganti; yang lama tidak membuka apa pun di sini. Buat serah terima baru (lumbung custody export), dan ganti juga rahasianya bila yang lama mungkin terbaca`,
    en: `the passphrase of ${part} is a new one; the old one opens nothing here. Make a new handover (lumbung custody export), and rotate the secrets too if the old one may have been read`,
  };
  process.stdout.write(`${say(text)}\n`);
  return 0;
}

function partOption(model: Model, { site }: Options): string {
  const parts = [...placesOf(model).map(({ id }) => id), BACKBONE, ROOT_PART];
  const found = parts.find((part) => part === site);
  if (found !== undefined) return found;
  throw wrongUse(
    { id: `bagian "${site ?? ""}" tidak ada`, en: `there is no part "${site ?? ""}"` },
    { id: `--site salah satu dari: ${parts.join(", ")}`, en: `--site is one of: ${parts.join(", ")}` },
  );
}

/** The part's stack with its secrets locked by the new passphrase: done on a copy, whose files are returned for their place. */
async function stateAnew(region: string, part: string, after: string): Promise<FileContent[]> {
  const home = partHome(region, part);
  const scratch = join(home, "..", `${part}.passphrase`);
  const stack = `${region}-${part}`;
  await rm(scratch, { recursive: true, force: true });
  await ensurePrivateFolder(scratch);
  try {
    const before = await digestsBelow(join(home, "state", ".pulumi", "stacks"));
    for (const folder of ["state", "work"])
      await cp(join(home, folder), join(scratch, folder), {
        recursive: true,
        filter: (path) => !COPIES.some((copy) => path.endsWith(`/.pulumi/${copy}`)),
      });
    const env = {
      ...process.env,
      ...(await partEnvironment(region, part)),
      PULUMI_BACKEND_URL: `file://${join(scratch, "state")}`,
    };
    const words = ["stack", "change-secrets-provider", "passphrase", "--stack", stack, "--non-interactive"];
    await pulumi(words, join(scratch, "work"), env, `${after}\n${after}\n`);
    const changed = [
      ...(await filesBelow(join(scratch, "state", ".pulumi", "stacks"))).filter((path) => !path.includes(".bak")),
      join(scratch, "work", `Pulumi.${stack}.yaml`),
    ];
    const files = await Promise.all(
      changed.map(async (path) => ({ path: join(home, relative(scratch, path)), content: await readFile(path) })),
    );
    if (JSON.stringify(before) !== JSON.stringify(await digestsBelow(join(home, "state", ".pulumi", "stacks")))) {
      throw outOfReach(
        { id: `tumpukan ${stack} diubah sementara itu`, en: `stack ${stack} was changed meanwhile` },
        { id: "tidak ada yang diganti; ulangi", en: "nothing was replaced; try again" },
      );
    }
    return files;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A passphrase goes in by standard input: arguments and environments can be read by others. */
async function pulumi(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  input: string,
): Promise<void> {
  const child = spawn("pulumi", words, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code === 0) return;
  const text = Buffer.concat(said).toString("utf8").trim();
  throw outOfReach({ id: `pulumi: ${text}`, en: `pulumi: ${text}` });
}

async function digestsBelow(folder: string): Promise<string[][]> {
  const paths = (await filesBelow(folder)).sort();
  return Promise.all(paths.map(async (path) => [path, digestOf((await readIfThere(path)) ?? "")]));
}
