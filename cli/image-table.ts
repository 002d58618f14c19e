/** Which images run and which are declared, by site and workload: pure, from what the engines say. */

export interface ImageRow {
  readonly site: string;
  readonly workload: string;
  /** How the running container's image is called; null: no container. */
  readonly runs: string | null;
  /** Id of the image that runs, `sha256:…`; null: no container. */
  readonly id: string | null;
  /** When it was made (ISO 8601); null: unknown. */
  readonly made: string | null;
  /** What the engine in it says of its version; null: unknown. */
  readonly version: string | null;
  readonly declared: string;
  /** `same`; `other`: the next `up` replaces the container; `absent`: no container, or the engine does not answer. */
  readonly state: "same" | "other" | "absent";
  /** Earlier images of the same folder that the engine still keeps, newest first: what one can go back to. */
  readonly kept: readonly { readonly name: string; readonly id: string; readonly made: string }[];
}

export interface SeenImage {
  readonly name: string;
  readonly id: string;
  readonly made: string;
  /** Folder below `images/` that it was made from. */
  readonly folder: string;
}

export interface SeenContainer {
  readonly image: string;
  readonly id: string;
}

export interface Workloads {
  readonly site: string;
  readonly workloads: readonly { readonly name: string; readonly image: string; readonly version: string | null }[];
  /** By workload. */
  readonly containers: ReadonlyMap<string, SeenContainer>;
  /** All images of the engine, of ours and those that stand in their place. */
  readonly images: readonly SeenImage[];
}

/** `declaredName` is what an image folder is called in full; `idOf` the id of such a name on the site's engine, if it is there. */
export function imageRows(
  seen: Workloads,
  declaredName: (image: string) => string,
  idOf: (name: string) => string | undefined,
): ImageRow[] {
  return seen.workloads.map(({ name, image, version }) => {
    const declared = declaredName(image);
    const running = seen.containers.get(name);
    const declaredId = idOf(declared);
    const made = seen.images.find(({ id }) => id === running?.id)?.made ?? null;
    const same = running !== undefined && (running.image === declared || running.id === declaredId);
    const kept = seen.images
      .filter(({ folder, id }) => folder === image && id !== running?.id)
      .sort((a, b) => (a.made < b.made ? 1 : -1))
      .map(({ name, id, made }) => ({ name, id, made }));
    return {
      site: seen.site,
      workload: name,
      runs: running?.image ?? null,
      id: running?.id ?? null,
      made,
      version,
      declared,
      state: running === undefined ? "absent" : same ? "same" : "other",
      kept,
    };
  });
}
