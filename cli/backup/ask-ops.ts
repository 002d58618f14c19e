/** Asking a site's `ops` about backups: in its container, so that nothing but the engine has to be reachable. */
import { containerName } from "../../components/runtime/docker/names.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { type LumbungError, outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";

export interface OpsAnswer {
  /** 0: what was asked for; 1: there is none, or not now; 2: the question is wrong. */
  readonly code: number;
  readonly text: string;
}

/** @throws LumbungError (3) where it does not answer. */
export type AskOps = (site: SiteModel, words: readonly string[], stdin?: string) => Promise<OpsAnswer>;

const OPS = ["node", "--max-old-space-size=32", "/usr/local/lib/lumbung/ops.mjs"];

export function askOpsOf(region: string, engine: (site: SiteModel) => Pick<DockerEngine, "exec">): AskOps {
  return async (site, words, stdin) => {
    const container = containerName({ region, site: site.id }, "ops");
    const { code, stdout, stderr } = await engine(site)
      .exec(container, [...OPS, ...words], stdin === undefined ? {} : { stdin })
      .catch((cause: unknown) => {
        throw unreachable(site.id, cause instanceof Error ? cause.message : String(cause), cause);
      });
    const text = stdout.trim();
    // Nothing on standard output: an `ops` of before it had jobs, which says on standard error what it knows.
    if (code > 2 || text === "") throw unreachable(site.id, (text || stderr.trim()).split("\n")[0] ?? "");
    return { code, text };
  };
}

/** What it says in JSON. @throws LumbungError (3) where it says no. */
export async function askJson<T>(ask: AskOps, site: SiteModel, ...words: readonly string[]): Promise<T> {
  const { code, text } = await ask(site, words);
  if (code !== 0) throw unreachable(site.id, text.split("\n")[0] ?? "");
  return JSON.parse(text) as T;
}

function unreachable(site: string, why: string, cause?: unknown): LumbungError {
  return outOfReach(
    {
      id: `situs ${site}: ops tidak menjawab tentang cadangan: ${why}`,
      en: `site ${site}: ops says nothing of backups: ${why}`,
    },
    {
      id: "lihat `lumbung status`; bila cadangan baru dinyatakan: `lumbung up`",
      en: "see `lumbung status`; where backups were declared just now: `lumbung up`",
    },
    cause === undefined ? {} : { cause },
  );
}
