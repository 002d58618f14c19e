import { LABEL } from "../../components/runtime/docker/names.ts";
import { siteWorkloads } from "../../components/workloads.ts";
import { loadSite } from "../../custody/read.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { imageNames } from "../../io/image-names.ts";
import { withReplacements } from "../../io/image-references.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { modelOf, siteOption } from "../context.ts";
import { engineOf } from "../engine.ts";
import { type ImageRow, imageRows, type SeenContainer, type SeenImage } from "../image-table.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { table } from "../output/table.ts";
import { statusNow } from "../status/now.ts";
import type { Status } from "../status/types.ts";

/** Which images run at each site and which are declared, so that one sees what a change or a roll back would be. Changes nothing. */
export async function images(options: Options): Promise<number> {
  const model = await modelOf(options);
  const sites = options.site === undefined ? model.sites : [siteOption(options, model)];
  const names = withReplacements(await imageNames(), model.region.images);
  const status = await statusNow(model);
  const rows: ImageRow[] = [];
  for (const site of sites) rows.push(...(await rowsOf(model, site, status, names)));
  process.stdout.write(
    options.json ? `${JSON.stringify({ region: model.region.id, items: rows }, null, 2)}\n` : shown(rows),
  );
  return 0;
}

async function rowsOf(
  model: Model,
  site: SiteModel,
  status: Status,
  names: ReadonlyMap<string, string>,
): Promise<ImageRow[]> {
  const engine = engineOf(site);
  const secrets = await loadSite(model.region.id, site.id, process.env);
  const declared = siteWorkloads({ model, site, secrets, sites: new Uint8Array() });
  const versions = new Map(
    status.sites.find(({ id }) => id === site.id)?.workloads.map(({ name, version }) => [name, version]),
  );
  const nameOf = (image: string) => names.get(image) ?? image;
  const seen = await imagesOf(engine);
  const ids = new Map<string, string | undefined>();
  for (const name of new Set(declared.map(({ image }) => nameOf(image)))) {
    ids.set(name, (await engine.inspectImage(name))?.Id);
  }
  return imageRows(
    {
      site: site.id,
      workloads: declared.map(({ name, image }) => ({ name, image, version: versions.get(name) ?? null })),
      containers: await containersOf(engine, model, site),
      images: seen,
    },
    nameOf,
    (name) => ids.get(name),
  );
}

async function containersOf(engine: DockerEngine, model: Model, site: SiteModel): Promise<Map<string, SeenContainer>> {
  const all = await engine.listContainers({ [LABEL.region]: model.region.id, [LABEL.site]: site.id });
  const inspected = await Promise.all(all.map(({ Id }) => engine.inspectContainer(Id)));
  return new Map(
    inspected.flatMap((one) => {
      const workload = one?.Config.Labels?.[LABEL.workload];
      return one && workload !== undefined ? [[workload, { image: one.Config.Image, id: one.Image }] as const] : [];
    }),
  );
}

/** What was built from our folders carries the folder's name as a label, and keeps it where something was built on it. */
async function imagesOf(engine: DockerEngine): Promise<SeenImage[]> {
  const all = await engine.listImages({ "id.lumbung.image": undefined });
  return all.map(({ Id, RepoTags, RepoDigests, Created, Labels }) => ({
    id: Id,
    // The engine calls what has no name `<none>`.
    name: [...(RepoTags ?? []), ...(RepoDigests ?? [])].find((name) => !name.startsWith("<none>")) ?? Id,
    made: new Date(Created * 1000).toISOString(),
    folder: Labels?.["id.lumbung.image"] ?? "",
  }));
}

const STATE = {
  same: { id: "sama", en: "same" },
  other: { id: "akan diganti", en: "to be replaced" },
  absent: { id: "tidak ada", en: "absent" },
} as const;

function shown(rows: readonly ImageRow[]): string {
  const columns = [
    { title: say({ id: "situs", en: "site" }) },
    { title: say({ id: "layanan", en: "workload" }) },
    { title: say({ id: "berjalan", en: "runs" }) },
    { title: say({ id: "id", en: "id" }) },
    { title: say({ id: "dibuat", en: "made" }) },
    { title: say({ id: "versi", en: "version" }) },
    { title: say({ id: "dinyatakan", en: "declared" }) },
    { title: say({ id: "dapat kembali ke", en: "can go back to" }) },
  ];
  const cells = rows.map((row) => [
    row.site,
    row.workload,
    row.runs === null ? "–" : short(row.runs),
    row.id === null ? "–" : short(row.id),
    row.made?.slice(0, 10) ?? "–",
    row.version ?? "–",
    row.state === "same" ? say(STATE.same) : `${say(STATE[row.state])}: ${short(row.declared)}`,
    row.kept.length === 0
      ? "–"
      : `${short(row.kept[0]?.name ?? "")} (${row.kept[0]?.made.slice(0, 10)})${row.kept.length > 1 ? ` +${row.kept.length - 1}` : ""}`,
  ]);
  return `${table(columns, cells)}\n`;
}

/** Twelve digits of a digest tell images apart, as Docker shows them. */
function short(name: string): string {
  return name.replace(/sha256:([0-9a-f]{12})[0-9a-f]+/, "sha256:$1");
}
