/** Files that are put into a container after it was created and before it starts. */
import { OperatorError } from "../errors.ts";
import { type TarFile, tarOf } from "../tar.ts";
import { blocks, flag, isEmpty, text, type ValueMap } from "../values.ts";

export interface Archive {
  /** Where it is unpacked. */
  readonly path: string;
  readonly tar: Buffer;
}

/**
 * All files as one archive for `/`. Where the root file system is read-only, one per volume that they lie on, because Docker
 * writes to nothing else then. Throws `OperatorError` for a file that can be written nowhere.
 */
export function archivesOf(inputs: ValueMap, modified: Date): Archive[] {
  const groups = new Map<string, TarFile[]>();
  const writable = writableMounts(inputs);
  for (const upload of blocks(inputs.uploads)) {
    const file = text(upload.file);
    const root = flag(inputs.readOnly) ? mountOf(file, writable) : "/";
    const files = groups.get(root) ?? [];
    files.push({
      path: file.slice(root === "/" ? 1 : root.length + 1),
      content: contentOf(upload),
      mode: modeOf(upload),
    });
    groups.set(root, files);
  }
  return [...groups].map(([path, files]) => ({ path, tar: tarOf(files, modified) }));
}

function writableMounts(inputs: ValueMap): string[] {
  const volumes = blocks(inputs.volumes)
    .filter((volume) => !flag(volume.readOnly))
    .map((volume) => text(volume.containerPath));
  const mounts = blocks(inputs.mounts)
    .filter((mount) => !flag(mount.readOnly) && text(mount.type) !== "tmpfs")
    .map((mount) => text(mount.target));
  return [...volumes, ...mounts]
    .map((path) => path.replace(/\/+$/, ""))
    .sort((left, right) => right.length - left.length);
}

function mountOf(file: string, mounts: readonly string[]): string {
  const mount = mounts.find((path) => file.startsWith(`${path}/`));
  if (mount) return mount;
  throw new OperatorError(
    `uploads: ${file} can't be written: the container's root is read-only and no writable volume holds that path. Hint: upload below a volume (${mounts.join(", ") || "there is none"}), or set readOnly to false`,
  );
}

function contentOf(upload: ValueMap): Buffer {
  return isEmpty(upload.contentBase64)
    ? Buffer.from(text(upload.content), "utf8")
    : Buffer.from(text(upload.contentBase64), "base64");
}

/** Permissions as declared; else 0744 for an executable and 0644 for anything else. */
function modeOf(upload: ValueMap): number {
  const declared = text(upload.permissions);
  if (declared !== "") return Number.parseInt(declared, 8);
  return flag(upload.executable) ? 0o744 : 0o644;
}
