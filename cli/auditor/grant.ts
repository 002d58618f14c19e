/** A certificate for a declared auditor: what is wrong with the wish, or the certificate and what evidence says of it. Pure but for the signature. */
import { X509Certificate } from "node:crypto";
import { type KeyRequest, readKeyRequest } from "../../custody/key-request.ts";
import { certifyKey, type Making } from "../../custody/pki.ts";
import type { PlaceSecrets } from "../../custody/types.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { MOST_AUDITOR_DAYS, periodState } from "../../model/auditors.ts";
import { didYouMean } from "../../model/suggest.ts";
import { text } from "../../model/text.ts";
import type { AuditorModel, Model } from "../../model/types.ts";
import type { ToldAccess } from "../../services/ops/checks/access.ts";
import { type Wrong, wrong } from "../wrong.ts";

export interface GrantWish {
  readonly id: string | undefined;
  /** Content of the request; undefined: the file cannot be read. */
  readonly csr: string | undefined;
  /** Its path, as it was typed. */
  readonly file: string | undefined;
  readonly by: string | undefined;
  readonly out: string | undefined;
}

export interface Allowed {
  readonly auditor: AuditorModel;
  readonly key: KeyRequest;
  readonly by: string;
  readonly out: string;
  /** When the certificate ends: with the period, but never after more than 90 days. */
  readonly until: Date;
}

const DAY_MS = 86_400_000;

export async function allowedOf(
  { id, csr, file, by, out }: GrantWish,
  { auditors = [] }: Pick<Model, "auditors">,
  roles: readonly string[],
  now: Date,
): Promise<Allowed | readonly Wrong[]> {
  const auditor = auditors.find((one) => one.id === id);
  const key = csr === undefined ? undefined : await readKeyRequest(csr);
  const problems: Wrong[] = [
    ...(auditor ? periodWrong(auditor, now) : [unknown(id, auditors)]),
    ...(key === undefined ? [wrong("--csr", NO_FILE, A_REQUEST, file)] : []),
    ...(key !== undefined && "wrong" in key ? [wrong("--csr", key.wrong, A_REQUEST, file)] : []),
    ...(by !== undefined && roles.includes(by)
      ? []
      : [wrong("--by", NOBODY, text("peran di roles.yaml", "a role of roles.yaml"), by, didYouMean(by, roles))]),
    ...(out ? [] : [wrong("--out", NO_FOLDER, text("folder yang ditulis", "a folder that is written"), out)]),
  ];
  if (problems.length > 0 || !auditor || key === undefined || "wrong" in key || by === undefined || !out)
    return problems;
  const until = new Date(Math.min(Date.parse(auditor.until), now.getTime() + MOST_AUDITOR_DAYS * DAY_MS));
  return { auditor, key, by, out, until };
}

function periodWrong(auditor: AuditorModel, now: Date): Wrong[] {
  if (periodState(auditor, now) === "running") return [];
  const { from, until } = auditor;
  const running = text(
    `masa pemeriksaan yang sedang berjalan (${from} sampai ${until})`,
    `a period that is running (${from} until ${until})`,
  );
  return [wrong("<auditor>", NOT_RUNNING, running, now.toISOString(), DECLARE_AGAIN)];
}

function unknown(id: string | undefined, auditors: readonly AuditorModel[]): Wrong {
  const known = auditors.map((one) => one.id);
  return wrong(
    "<auditor>",
    UNDECLARED,
    text("id di auditors.yaml", "an id of auditors.yaml"),
    id,
    didYouMean(id, known),
  );
}

export interface Granted {
  /** PEM: the auditor's certificate, then the site's authority. */
  readonly chain: string;
  /** ISO 8601 */
  readonly until: string;
  readonly told: ToldAccess;
}

/** What evidence names of where it comes from. */
export type Origin = Pick<ToldAccess, "region" | "commit" | "inventory">;

/** @param issuer the site whose authority issues it */
export async function certificateFor(
  { auditor, key, by, until }: Allowed,
  issuer: Pick<PlaceSecrets, "site" | "authority">,
  origin: Origin,
  making: Making,
): Promise<Granted> {
  const { id, body, name } = auditor;
  const request = { commonName: name, names: [name], use: ["client"] } as const;
  const made = await certifyKey(issuer.authority.intermediate, request, key.publicKey, making, until);
  return {
    chain: made.chain,
    until: made.notAfter,
    told: {
      ...{ ...origin, auditor: id, body, name, by, issuer: issuer.site },
      certificate: sha256(new X509Certificate(made.chain).raw),
      publicKey: key.sha256,
      until: made.notAfter,
      at: making.now.toISOString(),
    },
  };
}

const UNDECLARED = text("auditor ini tidak dinyatakan", "this auditor is not declared");
const NOT_RUNNING = text("masa pemeriksaannya tidak sedang berjalan", "the period of the audit is not running");
const DECLARE_AGAIN = text("perbarui from dan until di auditors.yaml", "change from and until in auditors.yaml");
const NO_FILE = text("berkas tidak terbaca", "the file cannot be read");
const A_REQUEST = text(
  "permintaan sertifikat dari `openssl req -new`",
  "a certification request of `openssl req -new`",
);
const NOBODY = text("diberikan oleh bukan siapa-siapa", "granted by nobody");
const NO_FOLDER = text("belum disebut", "was not given");
