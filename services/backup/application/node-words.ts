/** What our own services are started with in the drill room: commands and files. Pure. */
import type { AppConfig } from "../../pengaduan/config.ts";
import { filterIn } from "./seccomp.ts";

export interface NodePlaces {
  readonly folder: string;
  /** What `LUMBUNG_CONFIG` is in it; `current/` holds the files. */
  readonly config: string;
  /** Where the page is asked for. */
  readonly socket: string;
  /** Where the restored engine answers in TLS. */
  readonly databaseSocket: string;
  /** PEM of a key and of the certificate that it signed itself: of all that take part here, made for one drill. */
  readonly key: string;
  readonly certificate: string;
  readonly password: string;
  /** Seccomp filter, see seccomp.ts. */
  readonly filter: string;
}

export const nodePlaces = (folder: string): NodePlaces => ({
  folder,
  config: `${folder}/config`,
  socket: `${folder}/http.sock`,
  databaseSocket: `${folder}/database.sock`,
  key: `${folder}/drill.key`,
  certificate: `${folder}/drill.crt`,
  password: `${folder}/password`,
  filter: filterIn(folder),
});

/** Common name of the one who asks. */
export const CALLER = "drill";

/** The service's configuration of production; the files that it names are those of this drill. */
export function roomAppConfig(production: string, { certificate, key, password }: NodePlaces): string {
  const { database, tls, ...rest } = JSON.parse(production) as AppConfig;
  const { previousPasswordFile: _, ...own } = database;
  const config: AppConfig = {
    ...rest,
    database: { ...own, passwordFile: password, caFile: certificate },
    tls: { ...tls, certFile: certificate, keyFile: key, caFile: certificate, clients: [CALLER] },
  };
  return `${JSON.stringify(config, null, 1)}\n`;
}

/** Names that the certificate must carry: the database's service, and the service's own. */
export function namesOf(production: string): string[] {
  const { database, tls } = JSON.parse(production) as AppConfig;
  return [database.host, tls.name];
}

/** Signed by itself, of an elliptic curve, for a day (openssl-req). */
export const certificateWords = ({ key, certificate }: NodePlaces, names: readonly string[]): string[] => [
  ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"],
  ...["-subj", `/CN=${CALLER}`, "-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`],
  ...["-keyout", key, "-out", certificate],
];

/** As the image's `start` runs it, with what turns its sockets into unix sockets loaded before. */
export const serviceWords = (application: string): string[] => [
  "node",
  "--max-old-space-size=32",
  "--max-semi-space-size=1",
  "--import",
  `${application}/unix-sockets.mjs`,
  `${application}/pengaduan.mjs`,
];
