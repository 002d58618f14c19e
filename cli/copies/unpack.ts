/** A tar of one folder, unpacked into a new one by the machine's own tar. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { refused } from "../../io/errors.ts";

/** @throws LumbungError (4) where the folder is not empty: nothing that is there is overwritten. */
export async function unpack(tar: Readable, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw refused(
      { id: `${folder}: tidak kosong`, en: `${folder}: is not empty` },
      { id: "beri folder baru", en: "give a new folder" },
    );
  const child = spawn("tar", ["-x", "--no-same-owner", "--strip-components=1", "-C", folder], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  const [[code]] = await Promise.all([ended, pipeline(tar, child.stdin)]);
  if (code !== 0) throw new Error(`tar: exit code ${code}: ${said.trim().split("\n").at(-1) ?? ""}`);
}
