/**
 * What was restored into a folder, put over live data at the active site. Its gateway is closed meanwhile, so that nobody writes beside; the
 * other site follows by replication and copies, as with any other change.
 */

import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { containerName } from "../../components/runtime/docker/names.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { type LumbungError, refused } from "../../io/errors.ts";
import type { Model, SiteModel, Text } from "../../model/types.ts";
import type { DrillReport, RunState } from "../../services/backup/wire.ts";
import { engineOf } from "../engine.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { pack } from "./pack.ts";

export interface OverLive {
  readonly model: Model;
  readonly site: SiteModel;
  readonly target: string;
  /** Where it was restored to. */
  readonly folder: string;
}

/** Said of a run that failed without a reason. */
export const NOT_KNOWN_WHY: Text = { id: "tidak diketahui sebabnya", en: "nobody knows why" };

/** Why what was restored does not replace live data, which may be better than a copy that is not whole. @param to where it lies */
export function refusalOver({ state, why }: RunState, report: DrillReport, to: string): LumbungError | undefined {
  if (state === "succeeded") return undefined;
  const text = report.why ?? why ?? NOT_KNOWN_WHY;
  return refused(
    {
      id: `data yang hidup tidak diganti: ${text.id}`,
      en: `live data were not replaced: ${text.en}`,
    },
    {
      id: `yang berhasil dipulihkan, bila ada, ada di ${to}; pulihkan dari salinan lain`,
      en: `what was restored, if anything, is in ${to}; restore another copy`,
    },
  );
}

/** @throws LumbungError (4) for a kind that is put back otherwise, and what an engine said. The gateway is opened again whatever happens. */
export async function overLive(asked: OverLive): Promise<void> {
  const { model, site, target } = asked;
  const work = workOf(asked);
  const engine = engineOf(site);
  const gateway = containerName({ region: model.region.id, site: site.id }, "gateway");
  await step(say({ id: `menutup gerbang ${site.id}`, en: `closing the gateway of ${site.id}` }), () =>
    engine.stopContainer(gateway),
  );
  try {
    await step(say({ id: `memulihkan ${target} ke ${site.id}`, en: `restoring ${target} to ${site.id}` }), ({ note }) =>
      work(engine, note),
    );
  } finally {
    await engine.startContainer(gateway);
  }
}

type Restoring = (engine: DockerEngine, note: (text: string) => void) => Promise<void>;

function workOf(asked: OverLive): Restoring {
  const [kind] = asked.target.split(":");
  switch (kind) {
    case "postgresql":
      return (engine, note) => databases(asked, engine, note, ".dump", postgresWords);
    case "mariadb":
      return (engine, note) => databases(asked, engine, note, ".sql", mariadbWords);
    case "files":
      return (engine) => uploads(asked, engine);
    case "repositories":
      return (engine) => repositories(asked, engine);
    default:
      throw refused(
        {
          id: `${asked.target}: tidak dipulihkan di atas data hidup oleh perintah ini; isinya ada di ${asked.folder}`,
          en: `${asked.target}: not restored over live data by this command; what it holds is in ${asked.folder}`,
        },
        { id: "lihat handbook, Cadangan", en: "see the handbook, Backups" },
      );
  }
}

const PSQL = ["-h", "/run/postgresql", "-U", "postgres"];

/** Whoever is connected is sent away, as a table that is in use cannot be replaced. All of a database or nothing of it. */
const postgresWords = (database: string): string[][] => [
  [...["psql", "-Xq", ...PSQL, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-v", `name=${database}`, "-f", "-"]],
  [...["pg_restore", ...PSQL, "--clean", "--if-exists", "--exit-on-error", "--single-transaction", "-d", database]],
];

const mariadbWords = (database: string): string[][] => [["mariadb", "--binary-mode", database]];

const SEND_AWAY =
  "select pg_terminate_backend(pid) from pg_stat_activity where datname = :'name' and pid <> pg_backend_pid();\n";

/** One dump a database, each into the declared database of the same name. */
async function databases(
  { model, site, target, folder }: OverLive,
  engine: DockerEngine,
  note: (text: string) => void,
  suffix: string,
  wordsOf: (database: string) => string[][],
): Promise<void> {
  const server = model.databaseServers.find(({ id }) => target.endsWith(`:${id}`));
  if (!server) throw new Error(`${target}: no server of that name is declared`);
  const container = containerName({ region: model.region.id, site: site.id }, server.workload);
  const declared = new Set(server.databases.map(({ name }) => name));
  const names = (await readdir(folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
  for (const name of names.filter((one) => declared.has(one))) {
    note(name);
    const commands = wordsOf(name);
    for (const [index, words] of commands.entries()) {
      const last = index === commands.length - 1;
      await inside(engine, container, words, last ? createReadStream(join(folder, `${name}${suffix}`)) : SEND_AWAY);
    }
  }
}

/** What is there now is put aside for a week, as when a copy replaces it. */
async function uploads({ model, site, target, folder }: OverLive, engine: DockerEngine): Promise<void> {
  const application = model.applications.find(({ id }) => target === `files:${id}`);
  const workload = application?.run?.workload;
  if (workload === undefined) throw new Error(`${target}: no application of that name runs`);
  const container = containerName({ region: model.region.id, site: site.id }, workload);
  await inside(engine, container, ["sh", "-c", PUT_UPLOADS], pack(folder));
}

const PUT_UPLOADS = `set -eu
top=/var/lib/uploads
aside=$top/aside/restore-$(date +%s)
rm -rf "$top/restoring"
mkdir -p "$aside" "$top/restoring"
tar -x --no-same-owner -C "$top/restoring"
find "$top/files" -mindepth 1 -maxdepth 1 -exec mv -t "$aside" {} +
find "$top/restoring" -mindepth 1 -maxdepth 1 -exec mv -t "$top/files" {} +
rmdir "$top/restoring"`;

/** Every ref as it was; hooks and access stay those that are declared. */
async function repositories({ model, site, folder }: OverLive, engine: DockerEngine): Promise<void> {
  const container = containerName({ region: model.region.id, site: site.id }, "code");
  await inside(engine, container, ["sh", "-c", PUT_REPOSITORIES], pack(folder));
}

const PUT_REPOSITORIES = `set -eu
. /usr/local/lib/lumbung/code/code.sh
rm -rf "$data/.restoring"
mkdir "$data/.restoring"
tar -x --no-same-owner -C "$data/.restoring"
for from in "$data"/.restoring/*.git; do
  to="$repositories/\${from##*/}"
  [ -d "$to" ] || continue
  git -C "$to" -c safe.directory='*' fetch --quiet --prune --force --no-write-fetch-head --update-head-ok "$from" '+refs/*:refs/*'
  git -C "$to" symbolic-ref HEAD "$(git -C "$from" symbolic-ref HEAD)"
done
rm -rf "$data/.restoring"`;

/** @throws with what it said. */
async function inside(
  engine: DockerEngine,
  container: string,
  words: readonly string[],
  stdin: string | Readable,
): Promise<void> {
  const { code, stdout, stderr } = await engine.exec(container, words, { stdin });
  if (code === 0) return;
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-3).join("; ");
  throw new Error(`${container}: ${words[0]}: exit code ${code}: ${said}`);
}
