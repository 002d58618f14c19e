/** Uploads of an application: rsync over mutual TLS from the application itself. */
import { paths, type Reached } from "../config.ts";
import { must } from "../process.ts";
import type { Bringing, Of } from "./types.ts";

/** 24: a file went while the list was made; the next run knows. */
const CODES = [0, 24];

export async function bringFiles({ source, folder, work }: Bringing<Of<"files">>): Promise<void> {
  const { words, env } = rsyncWords(source.from, folder);
  await must(words, { env, signal: work.signal }, CODES);
}

/** Both ends of TLS are checked by name; openssl carries it, as rsync knows no TLS. */
export function rsyncWords({ host, address, port }: Reached, folder: string) {
  const tls = `${paths.config}/tls`;
  const connect = [
    ...["openssl", "s_client", "-quiet", "-verify_quiet", "-verify_return_error", "-verify", "3"],
    ...["-verify_hostname", host, "-servername", host, "-CAfile", `${tls}/ca.crt`],
    ...["-cert", `${tls}/server.crt`, "-cert_chain", `${tls}/server.crt`, "-key", `${tls}/server.key`],
    ...["-connect", `${address}:${port}`],
  ];
  const words = [
    ...["rsync", "--recursive", "--links", "--times", "--delete-after", "--timeout=60", "--contimeout=10"],
    ...[`rsync://${host}/uploads/`, `${folder}/`],
  ];
  return { words, env: { RSYNC_CONNECT_PROG: connect.join(" ") } };
}
