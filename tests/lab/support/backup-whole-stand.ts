/**
 * One container of the drill room's image, confined and configured as the components render it, without any network: repositories, the source of
 * their copies and the room itself are all in it. For images-backup-whole.test.ts.
 */
import { applicationFiles } from "../../../components/backup/applications.ts";
import { backupConfig } from "../../../components/backup/settings.ts";
import { drillWorkload } from "../../../components/backup/workload.ts";
import { containerPlan } from "../../../components/runtime/docker/container.ts";
import type { WorkloadFile } from "../../../components/workload.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import { ensureImages } from "../../../io/images.ts";
import { bundle } from "../../../io/images-bundles.ts";
import { tarOf } from "../../../io/images-tar.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import { deriveModel, parseInventory } from "../../../model/index.ts";
import { labFiles } from "../../../model/testing/lab.ts";
import type { DrillReport, OrderPart, RunOrder } from "../../../services/backup/wire.ts";
import type { Command } from "./backup-whole-program.ts";
import { docker } from "./objects-stand.ts";
import { run, type Said } from "./run.ts";

const PREFIX = "stand-whole-";
const USER = { uid: 2011, gid: 2011 };
const PROGRAM = "/var/cache/lumbung/whole.mjs";
let image: string | undefined;

export class WholeStand {
  readonly #name: string;

  constructor(name: string) {
    this.#name = `${PREFIX}${name}`;
  }

  async prepare(): Promise<void> {
    this.fell();
    const images = await ensureImages(["room"], { progress: ({ text }) => process.stderr.write(`${text.en}\n`) });
    image = images.room ?? "";
    const parsed = parseInventory(labFiles);
    if (!parsed.ok) throw new Error("the lab's inventory is not valid");
    const model = deriveModel(parsed.inventory);
    const [site] = model.sites;
    const secrets = (await makeRegionSecrets(model, undefined, new Date())).secrets.sites[site?.id ?? ""];
    if (!site || !secrets || !model.backup) throw new Error("the lab has no site, no secrets or no backups");
    this.#deliver([
      { path: "backup.json", content: JSON.stringify(backupConfig(model, site, model.backup, "room")) },
      {
        path: "restic.env",
        content: "RESTIC_REPOSITORY=/var/cache/lumbung/restic\nRESTIC_PASSWORD_FILE=/config/current/restic.password\n",
      },
      { path: "restic.password", content: "contoh", secret: true },
      // What MediaWiki's own installer reads when the source is founded.
      ...["database-password", "admin-password"].map((name) => ({
        ...{ path: `secrets/${name}`, content: "contoh-sandi-panjang", secret: true },
      })),
      ...applicationFiles(model, site, model.backup, secrets),
    ]);
    const { publicAddress, network, internalDomain } = site;
    const place = {
      region: "lab",
      site: site.id,
      publicAddress,
      network: network.name,
      backbone: "backbone",
      internalDomain,
    };
    const { memory, memorySwap, tmpfs } = containerPlan(place, drillWorkload(model, site, secrets));
    docker([
      ...["run", "-d", "--name", this.#name, "--init", "--read-only", "--cap-drop", "ALL", "--network", "none"],
      ...["--security-opt", "no-new-privileges", "--user", `${USER.uid}:${USER.gid}`],
      ...["--memory", `${memory}m`, "--memory-swap", `${memorySwap}m`],
      ...Object.entries(tmpfs).flatMap(([path, options]) => ["--tmpfs", `${path}:${options}`]),
      ...[
        "-v",
        `${this.#name}-config:/config:ro`,
        "-v",
        `${this.#name}-cache:/var/cache/lumbung`,
        "-v",
        `${this.#name}-scratch:/scratch`,
      ],
      ...["--entrypoint", "sleep", image, "infinity"],
    ]);
    const [programme] = await bundle(REPOSITORY, { "whole.mjs": "tests/lab/support/backup-whole-program.ts" });
    const put = this.inside(["sh", "-c", `cat >${PROGRAM}`], String(programme?.content));
    if (put.code !== 0) throw new Error(put.said);
  }

  /** What the program answers. @throws what it said where it failed. */
  #tell<T>(command: Command): T {
    const { code, said } = this.inside(["node", PROGRAM], JSON.stringify(command));
    const last = said.split("\n").at(-1) ?? "";
    if (code !== 0) throw new Error(said);
    return JSON.parse(last) as T;
  }

  found(application: "wordpress" | "mediawiki" | "pengaduan"): OrderPart[] {
    return this.#tell<OrderPart[]>({ do: "found", application });
  }

  alter(application: "wordpress" | "mediawiki" | "pengaduan", sql: string): OrderPart {
    return this.#tell<OrderPart>({ do: "alter", application, sql });
  }

  spoil(file: string): OrderPart {
    return this.#tell<OrderPart>({ do: "spoil", file });
  }

  drill(target: string, parts: readonly OrderPart[]): DrillReport {
    const [database] = parts;
    if (!database) throw new Error("no parts");
    const { copy } = database;
    const order: RunOrder = {
      ...{ id: "r", target, action: "drill", engine: "application", standby: false, choice: "newest", copy, parts },
    };
    return this.#tell<DrillReport>({ do: "drill", order });
  }

  inside(words: readonly string[], input = ""): Said {
    return run("docker", ["exec", "-i", this.#name, ...words], input);
  }

  fell(): void {
    const lines = (words: readonly string[]): string[] =>
      docker(words)
        .split("\n")
        .filter((line) => line !== "");
    const containers = lines(["ps", "-aq", "--filter", `name=^${this.#name}$`]);
    if (containers.length > 0) docker(["rm", "-f", "-v", ...containers]);
    const volumes = lines(["volume", "ls", "-q", "--filter", `name=^${this.#name}-`]);
    if (volumes.length > 0) docker(["volume", "rm", ...volumes]);
  }

  #deliver(files: readonly WorkloadFile[]): void {
    const entries = files.map(({ path, content, secret }) => ({
      path,
      mode: secret ? 0o600 : 0o644,
      content: Buffer.from(content),
    }));
    const script = `mkdir /config/1 && tar -x -C /config/1 && chown -R ${USER.uid}:${USER.gid} /config/1 && ln -s 1 /config/current`;
    const words = [
      "run",
      "--rm",
      "-i",
      "--network",
      "none",
      "--user",
      "0",
      "-v",
      `${this.#name}-config:/config`,
      "--entrypoint",
      "sh",
    ];
    docker([...words, image ?? "", "-c", script], tarOf(entries));
  }
}
