/** A tiny image made on the spot: no registry is asked. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const IMAGE = "try-plugin-busybox:1";
const APPLETS = ["sh", "sleep", "cat", "ls", "stat", "true", "false", "test", "touch", "httpd"];

/** Imports busybox (static) as an image with a user, a label and an environment of its own, unless it is there. */
export function ensureImage(): void {
  const images = execFileSync("docker", ["images", "-q", IMAGE], { encoding: "utf8" });
  if (images.trim() !== "") return;
  const root = mkdtempSync(join(tmpdir(), "try-plugin-image-"));
  try {
    for (const folder of ["bin", "tmp", "etc", "proc", "sys", "dev"]) mkdirSync(join(root, folder));
    cpSync(execFileSync("which", ["busybox"], { encoding: "utf8" }).trim(), join(root, "bin/busybox"), {
      dereference: true,
    });
    for (const applet of APPLETS) symlinkSync("busybox", join(root, "bin", applet));
    const tar = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 64 * 1024 * 1024 });
    const changes = ["ENV PATH=/bin", "ENV FROM_IMAGE=yes", "LABEL of.image=yes", 'CMD ["sleep", "600"]', "USER 65534"];
    execFileSync("docker", ["import", ...changes.flatMap((change) => ["--change", change]), "-", IMAGE], {
      input: tar,
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
