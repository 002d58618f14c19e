import { refused } from "../io/errors.ts";
import type { Model, PlaceModel, SiteModel, Text } from "../model/types.ts";
import {
  declaredBackupKeys,
  declaredCertificates,
  declaredConstraints,
  declaredObjectIdentities,
  declaredOperatorLeaf,
  declaredPublicLeaf,
} from "./declared.ts";
import { type Entropy, systemEntropy } from "./entropy.ts";
import { newEvidenceKey, withEvidenceKeys } from "./evidence-keys.ts";
import { Journal } from "./journal.ts";
import {
  type Authority,
  carriesConstraints,
  createIntermediate,
  createRoot,
  endsBefore,
  endsWithin,
  issueLeaf,
  type LeafRequest,
  type Making,
} from "./pki.ts";
import { trustedRoots } from "./roll-root.ts";
import { agreedIdentity, newBackupKey, newObjectSecret, type SharedSecrets, sharedSecrets } from "./shared.ts";
import type {
  IssuedCertificate,
  PlaceSecrets,
  RegionSecrets,
  RootSecrets,
  SecretChange,
  SiteSecrets,
} from "./types.ts";

export interface MakeOptions {
  /** Default: the operating system's. */
  readonly entropy?: Entropy;
  /** Sites that are known to have a bundle somewhere. One that is not at hand is left alone, never made a second time. Default none. */
  readonly known?: readonly string[];
  /** Sites whose bundle is lost for good: they get a new one (needs the root key). Default none. */
  readonly rebuild?: readonly string[];
  /** UUID that the region has already, where a record of it is left although no bundle is. Default: a new one. */
  readonly regionIdentity?: string;
  /** Names of secrets that are made anew although nothing calls for it; see `rotate`. Default none. */
  readonly renew?: (what: string) => boolean;
  /** Whether what was before the value made at this time need no longer be accepted. Default: it is. */
  readonly settle?: (what: string, created: string) => boolean;
}

export interface MadeSecrets {
  readonly secrets: RegionSecrets;
  /** In the order in which they were done; empty where nothing was. */
  readonly changes: readonly SecretChange[];
  /** What a person must still do or know. */
  readonly warnings: readonly Text[];
  /** Declared sites whose bundle is not at hand. */
  readonly absent: readonly string[];
}

/** Leaves are renewed this long before they end. */
const LEAF_MARGIN_DAYS = 30;
/** An intermediate is renewed while it can still sign a leaf of full length. */
const INTERMEDIATE_MARGIN_DAYS = 430;

/**
 * The secrets that the model calls for: what is there stays as it is, what is missing is made, what ends within 30 days or
 * carries other names is issued again, what is no longer declared is dropped. A site's own leaves need its own bundle only; the
 * root key is needed to make a site's intermediate or to renew it.
 * @throws LumbungError (4) where the bundles contradict each other, or a new site needs the root key and it is not at hand.
 */
export async function makeRegionSecrets(
  model: Model,
  previous: RegionSecrets | undefined,
  now: Date,
  options: MakeOptions = {},
): Promise<MadeSecrets> {
  const making: Making = { now, entropy: options.entropy ?? systemEntropy };
  const journal = new Journal(options.renew ?? (() => false), options.settle);
  const warnings: Text[] = [];
  const before = forget(previous ?? { sites: {} }, model, options.rebuild ?? [], journal);
  const absent = absentSites(model, before, options);
  const shared = await sharedSecrets(model, before, options.regionIdentity, journal, making);
  const root = before.root ?? (await firstRoot(model, shared, before, absent, journal, making));

  const sites: Record<string, SiteSecrets> = {};
  for (const site of model.sites.filter(({ id }) => !absent.includes(id))) {
    sites[site.id] = await makeSite({
      model,
      site,
      root,
      shared,
      before: before.sites[site.id],
      journal,
      warnings,
      making,
    });
  }
  const { regionIdentity } = shared;
  const witness =
    model.witness &&
    (await makeCertificates({
      model,
      site: model.witness,
      root,
      regionIdentity,
      before: before.witness,
      journal,
      warnings,
      making,
    }));
  if (before.witness && !witness) journal.dropped("site:witness");
  warnings.push(...unreconciled(journal.changes, absent));
  const agreed = withEvidenceKeys(sites, before.sites, journal);
  const secrets = { ...(root ? { root } : {}), ...(witness ? { witness } : {}), sites: agreed };
  return { secrets, changes: journal.changes, warnings, absent };
}

/** Without the sites that are no longer declared, and without those that are to be rebuilt. */
function forget(previous: RegionSecrets, model: Model, rebuild: readonly string[], journal: Journal): RegionSecrets {
  agreedIdentity(previous);
  const declared = new Set(model.sites.map((site) => site.id));
  const kept = Object.entries(previous.sites).filter(([id]) => {
    if (!declared.has(id)) journal.dropped(`site:${id}`);
    return declared.has(id) && !rebuild.includes(id);
  });
  return { ...previous, sites: Object.fromEntries(kept) };
}

function absentSites(model: Model, before: RegionSecrets, { known = [], rebuild = [] }: MakeOptions): string[] {
  const ids = model.sites.map((site) => site.id);
  return ids.filter((id) => before.sites[id] === undefined && known.includes(id) && !rebuild.includes(id));
}

/** A root for a region that has none; where sites exist already their root key is elsewhere, and a second one would trust nobody. */
async function firstRoot(
  model: Model,
  shared: SharedSecrets,
  before: RegionSecrets,
  absent: readonly string[],
  journal: Journal,
  making: Making,
): Promise<RootSecrets | undefined> {
  if (Object.keys(before.sites).length > 0 || absent.length > 0) return undefined;
  const authority = await createRoot(`Lumbung ${model.region.id} root`, making);
  return journal.made("root", {
    version: 1,
    region: model.region.id,
    regionIdentity: shared.regionIdentity,
    ...authority,
  } as const);
}

interface PlaceMaking {
  readonly model: Model;
  readonly site: PlaceModel;
  readonly root: RootSecrets | undefined;
  readonly regionIdentity: string;
  readonly before: PlaceSecrets | undefined;
  readonly journal: Journal;
  readonly warnings: Text[];
  readonly making: Making;
}

interface SiteMaking extends Omit<PlaceMaking, "regionIdentity"> {
  readonly site: SiteModel;
  readonly shared: SharedSecrets;
  readonly before: SiteSecrets | undefined;
}

/** The place's own authority, and the leaf of each of its workloads. */
async function makeCertificates(context: PlaceMaking): Promise<PlaceSecrets> {
  const { model, site, root, regionIdentity, before, journal } = context;
  const intermediate = await makeIntermediate(context);
  const certificates: Record<string, IssuedCertificate> = {};
  for (const [workload, request] of declaredCertificates(model, site)) {
    const what = `certificate:${site.id}/${workload}`;
    certificates[workload] = await makeLeaf(context, intermediate, what, before?.certificates[workload], request);
  }
  if (before) journal.droppedKeys(`certificate:${site.id}/`, [before.certificates], certificates);
  return {
    version: 1,
    region: model.region.id,
    site: site.id,
    regionIdentity,
    authority: { root: root ? trustedRoots(root) : known(before).authority.root, intermediate },
    certificates,
  };
}

async function makeSite(context: SiteMaking): Promise<SiteSecrets> {
  const { model, site, shared, before } = context;
  const place = await makeCertificates({ ...context, regionIdentity: shared.regionIdentity });
  const leaf = (what: string, held: IssuedCertificate | undefined, request: LeafRequest) =>
    makeLeaf(context, place.authority.intermediate, what, held, request);
  const objectIdentities = makeObjectIdentities(context);
  const backupKeys = makeBackupKeys(context);
  return {
    ...place,
    ...shared,
    publicCertificate: await leaf(
      `public-certificate:${site.id}`,
      before?.publicCertificate,
      declaredPublicLeaf(model),
    ),
    operator: await leaf(`operator:${site.id}`, before?.operator, declaredOperatorLeaf(site)),
    objectIdentities,
    evidenceKey: makeEvidenceKey(context),
    evidenceKeys: before?.evidenceKeys ?? [],
    backupKeys,
  };
}

function makeEvidenceKey({ site, before, journal, making }: SiteMaking): NonNullable<SiteSecrets["evidenceKey"]> {
  const what = `evidence-key:${site.id}`;
  const kept = journal.isRenewed(what) ? undefined : before?.evidenceKey;
  return kept ?? journal.made(what, newEvidenceKey(making));
}

function makeObjectIdentities({ model, site, before, journal, making }: SiteMaking): SiteSecrets["objectIdentities"] {
  const prefix = `object-identity:${site.id}/`;
  const made = Object.fromEntries(
    declaredObjectIdentities(model).map((use) => {
      const what = `${prefix}${use}`;
      const held = before?.objectIdentities[use];
      const kept = journal.isRenewed(what) ? undefined : held;
      return [use, journal.settled(what, kept ?? journal.made(what, newObjectSecret(held, making)))];
    }),
  );
  if (before) journal.droppedKeys(prefix, [before.objectIdentities], made);
  return made;
}

/** Once made, a key stays for as long as its repository may: one that is no longer declared is kept, as its old copies are. */
function makeBackupKeys({ model, site, before, journal, making }: SiteMaking): SiteSecrets["backupKeys"] {
  const made = declaredBackupKeys(model).map((repository) => {
    const what = `backup-key:${site.id}/${repository}`;
    return [repository, before?.backupKeys[repository] ?? journal.made(what, newBackupKey(making))] as const;
  });
  return { ...before?.backupKeys, ...Object.fromEntries(made) };
}

async function makeIntermediate(context: Omit<PlaceMaking, "regionIdentity">): Promise<Authority> {
  const { model, site, root, before, journal, warnings, making } = context;
  const what = `intermediate:${site.id}`;
  const constraints = declaredConstraints(model, site);
  const commonName = `Lumbung ${model.region.id} ${site.id}`;
  const held = before?.authority.intermediate;
  if (held === undefined || journal.isRenewed(what)) {
    if (root === undefined) throw rootNeeded(what);
    return journal.made(what, await createIntermediate(root, commonName, constraints, making));
  }
  const why = reasonToRenew([
    [endsWithin(held.certificate, INTERMEDIATE_MARGIN_DAYS, making.now), ENDS_SOON],
    [!carriesConstraints(held.certificate, constraints), NAMES_CHANGED],
  ]);
  if (why === undefined) return held;
  if (root === undefined) {
    warnings.push({
      id: `${what}: perlu diperbarui (${why.id}), tetapi kunci akar tidak tersedia di sini`,
      en: `${what}: has to be renewed (${why.en}), but the root key is not at hand`,
    });
    return held;
  }
  journal.renewed(what, why);
  return createIntermediate(root, commonName, constraints, making, held.key);
}

async function makeLeaf(
  { journal, making }: Pick<PlaceMaking, "journal" | "making">,
  intermediate: Authority,
  what: string,
  held: IssuedCertificate | undefined,
  request: LeafRequest,
): Promise<IssuedCertificate> {
  if (held === undefined || journal.isRenewed(what))
    return journal.made(what, await issueLeaf(intermediate, request, making));
  const why = reasonToRenew([
    [
      endsWithin(held.chain, LEAF_MARGIN_DAYS, making.now) && endsBefore(held.chain, intermediate.certificate),
      ENDS_SOON,
    ],
    [held.names.join() !== request.names.join(), NAMES_CHANGED],
    [!held.chain.endsWith(intermediate.certificate), ISSUER_CHANGED],
  ]);
  if (why === undefined) return held;
  journal.renewed(what, why);
  return issueLeaf(intermediate, request, making);
}

const ENDS_SOON: Text = { id: "masa berlaku hampir habis", en: "it ends soon" };
const NAMES_CHANGED: Text = { id: "nama berubah", en: "its names changed" };
const ISSUER_CHANGED: Text = { id: "penerbit berubah", en: "its issuer changed" };

function reasonToRenew(rules: readonly (readonly [boolean, Text])[]): Text | undefined {
  return rules.find(([applies]) => applies)?.[1];
}

function rootNeeded(what: string) {
  return refused(
    {
      id: `${what}: kunci akar wilayah diperlukan dan tidak tersedia di sini`,
      en: `${what}: the region's root key is needed and is not at hand`,
    },
    {
      id: "sediakan root/root.age dan frasa sandinya (root/passphrase atau LUMBUNG_ROOT_PASSPHRASE_FILE)",
      en: "put root/root.age and its passphrase in place (root/passphrase or LUMBUNG_ROOT_PASSPHRASE_FILE)",
    },
  );
}

/** A site without a root at hand always has a bundle: `makeIntermediate` refused it otherwise. */
function known(before: PlaceSecrets | undefined): PlaceSecrets {
  if (before === undefined) throw new Error("a site got an intermediate without root key and without bundle");
  return before;
}

const SHARED = /^(tsig|dnssec|database-role|application-secret|object-reader|code-token|code-host-key)/;

/** Shared secrets that changed here while another site's bundle was elsewhere. */
function unreconciled(changes: readonly SecretChange[], absent: readonly string[]): Text[] {
  const shared = [...new Set(changes.map((change) => change.what).filter((what) => SHARED.test(what)))];
  if (absent.length === 0 || shared.length === 0) return [];
  const [names, sites] = [shared.join(", "), absent.join(", ")];
  return [
    {
      id: `${names}: berubah di sini saja; bundel situs ${sites} tidak tersedia dan harus disamakan kemudian (jalankan lagi saat keduanya tersedia)`,
      en: `${names}: changed here only; the bundle of site ${sites} is not at hand and must be reconciled later (run again when both are)`,
    },
  ];
}
