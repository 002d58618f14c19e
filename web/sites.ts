/** Every page of every site of a region, from its model alone: same model, same bytes. */
import type { HostModel, Model } from "../model/types.ts";
import { FAVICON, GRANARY, MOTIF } from "./art.ts";
import { type Atlas, atlasOf } from "./atlas.ts";
import { completenessPage } from "./completeness.ts";
import { mergedOpdPage, notFoundPage, opdPage } from "./opd.ts";
import { applicationsPage, directoryPage, homePage, linksPage, newsPage, profilePage } from "./portal.ts";
import { type PortalPage, portalPage } from "./portal-frame.ts";
import { servicesByLetterPage, servicesPage } from "./services.ts";
import { STYLE } from "./style.ts";
import { LANGS, type Lang, PREFIX, word } from "./text.ts";
import { robots, securityText, sitemap } from "./wellknown.ts";

/** By `<host>/<path>`, for example `dinkes.lumbungkab.go.id/en/index.html`. */
export type Pages = ReadonlyMap<string, string | Uint8Array>;

type Files = Map<string, string>;

const PORTAL_PAGES: readonly ((atlas: Atlas, lang: Lang) => PortalPage)[] = [
  homePage,
  profilePage,
  newsPage,
  servicesPage,
  servicesByLetterPage,
  directoryPage,
  applicationsPage,
  linksPage,
  completenessPage,
];

interface Common {
  readonly paths: readonly string[];
  readonly brand: { readonly name: string; readonly under: string };
  /** Date of the last change of the contents. Absent: unknown. */
  readonly updated?: string;
}

function addCommon(files: Files, host: HostModel, model: Model, { paths, brand, updated }: Common): void {
  const name = host.host;
  files.set(`${name}/style.css`, STYLE);
  files.set(`${name}/favicon.svg`, FAVICON);
  files.set(`${name}/motif.svg`, MOTIF);
  files.set(`${name}/robots.txt`, robots(name));
  files.set(`${name}/sitemap.xml`, sitemap(name, paths, updated));
  files.set(`${name}/404.html`, notFoundPage(brand, "id"));
  const security = securityText(host, model);
  if (security !== undefined) files.set(`${name}/.well-known/security.txt`, security);
}

/** The portal's pages by path, rendered once for all of its hosts. */
function portalFiles(atlas: Atlas): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const lang of LANGS) {
    for (const content of PORTAL_PAGES) {
      const described = content(atlas, lang);
      files.set(`${PREFIX[lang]}${described.path}index.html`, portalPage(described, atlas, lang));
    }
  }
  return files;
}

function addPortal(files: Files, host: HostModel, atlas: Atlas, pages: ReadonlyMap<string, string>): void {
  for (const [path, content] of pages) files.set(`${host.host}${path}`, content);
  files.set(`${host.host}/lumbung.svg`, GRANARY);
  const paths = [...pages.keys()]
    .filter((path) => !path.startsWith(PREFIX.en))
    .map((path) => path.slice(0, -"index.html".length));
  const brand = { name: atlas.model.region.government, under: word("portal", "id") };
  addCommon(files, host, atlas.model, { paths, brand });
}

function addOpd(files: Files, host: HostModel, atlas: Atlas, id: string): void {
  const opd = atlas.opds.get(id);
  if (opd === undefined)
    throw new Error(
      `hosts: ${host.host} serves the OPD "${id}", which the model does not have; this is a bug of model/`,
    );
  const render = opd.mergedInto === undefined ? opdPage : mergedOpdPage;
  const canonical = atlas.opdHosts.get(id) ?? host.host;
  for (const lang of LANGS) files.set(`${host.host}${PREFIX[lang]}/index.html`, render(opd, canonical, atlas, lang));
  const { updated } = opd.contents;
  const brand = { name: opd.shortName, under: atlas.model.region.government };
  addCommon(files, host, atlas.model, { paths: ["/"], brand, ...(updated === undefined ? {} : { updated }) });
}

/**
 * Pages of every host that the portal or an OPD has; hosts of applications have none.
 * Throws if a host serves an OPD that the model does not have.
 */
export function renderSites(model: Model): Pages {
  const atlas = atlasOf(model);
  const files: Files = new Map();
  const portal = portalFiles(atlas);
  for (const host of model.hosts) {
    switch (host.serves.kind) {
      case "portal":
        addPortal(files, host, atlas, portal);
        break;
      case "opd":
        addOpd(files, host, atlas, host.serves.opd);
        break;
      case "application":
        break;
    }
  }
  return files;
}
