/** Asking a site's drill room and repository host in their containers, so that nothing but the engine has to be reachable. */
import { containerName } from "../../components/runtime/docker/names.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import type { Copy, CopyList, RunOrder, RunState } from "../../services/backup/wire.ts";

const PROGRAMME = ["node", "--max-old-space-size=32", "/usr/local/lib/lumbung/backup.mjs"];

/** In the line by which a room says that it is busy. */
const BUSY = "has been running since";

export interface SiteRooms {
  /** @throws LumbungError (3) where it does not answer. */
  copies(): Promise<readonly Copy[]>;
  /** A line of why where the room is busy. @throws LumbungError (3) where it does not answer. */
  begin(order: RunOrder): Promise<RunState | string>;
  state(id: string): Promise<RunState>;
}

export function roomsOf(region: string, site: SiteModel, engine: Pick<DockerEngine, "exec">): SiteRooms {
  const ask = async (workload: string, words: readonly string[], stdin?: string): Promise<string> => {
    const container = containerName({ region, site: site.id }, workload);
    const { code, stdout, stderr } = await engine
      .exec(container, [...PROGRAMME, ...words], stdin === undefined ? {} : { stdin })
      .catch((cause: unknown) => {
        throw silent(container, cause instanceof Error ? cause.message : String(cause));
      });
    const said = stdout.trim();
    if (code === 0 || said.includes(BUSY)) return said;
    throw silent(container, said || stderr.trim().split("\n").at(-1) || `exit code ${code}`);
  };
  return {
    copies: async () => (JSON.parse(await ask("backup", ["copies"])) as CopyList).copies,
    begin: async (order) => {
      const said = await ask("drill", ["order"], JSON.stringify(order));
      return said.includes(BUSY) ? said : (JSON.parse(said) as RunState);
    },
    state: async (id) => JSON.parse(await ask("drill", ["state", id])) as RunState,
  };
}

const silent = (container: string, why: string) =>
  outOfReach(
    { id: `${container}: tidak menjawab: ${why}`, en: `${container}: does not answer: ${why}` },
    { id: "lihat `lumbung status`", en: "see `lumbung status`" },
  );
