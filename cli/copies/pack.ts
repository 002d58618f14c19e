/** A folder as a tar, packed by the machine's own tar. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";

/** What is in the folder, without its own name. The stream fails where tar did, with what tar said; what came before is then not whole. */
export function pack(folder: string): Readable {
  const child = spawn("tar", ["-c", "-C", folder, "."], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  // Node throws away what nobody has begun to read when a program ends, and a small folder is packed before anybody asks.
  const packed = child.stdout.pipe(new PassThrough(), { end: false });
  packed.once("close", () => child.kill());
  // Whoever reads it learns of it, however late.
  packed.on("error", () => {});
  void once(child, "close").then(
    ([code]) => {
      if (code === 0) packed.end();
      else packed.destroy(new Error(`tar: exit code ${code}: ${said.trim().split("\n")[0]}`));
    },
    (error: Error) => packed.destroy(error),
  );
  return packed;
}
