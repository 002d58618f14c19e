/** Why somebody does not answer, in words. */
import type { Text } from "../../model/types.ts";

const REASONS: Readonly<Record<string, Text>> = {
  ECONNREFUSED: { id: "menolak sambungan", en: "refuses connections" },
  ECONNRESET: { id: "memutus sambungan", en: "closed the connection" },
  ENOTFOUND: { id: "namanya tidak dikenal", en: "its name does not resolve" },
  EAI_AGAIN: { id: "namanya tidak dikenal", en: "its name does not resolve" },
  EHOSTUNREACH: { id: "tidak terjangkau", en: "out of reach" },
  ERR_TLS_CERT_ALTNAME_INVALID: { id: "sertifikatnya atas nama lain", en: "its certificate is for another name" },
  CERT_HAS_EXPIRED: {
    id: "sertifikatnya sudah habis masa berlakunya",
    en: "its certificate has ended",
  },
  CERT_NOT_YET_VALID: {
    id: "sertifikatnya belum berlaku: periksa jam kedua mesin",
    en: "its certificate is not valid yet: check the clocks of both machines",
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    id: "sertifikatnya bukan dari wilayah ini",
    en: "its certificate is not of this region",
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    id: "sertifikatnya bukan dari wilayah ini",
    en: "its certificate is not of this region",
  },
};

/** `timeoutSeconds`: how long it was waited for. */
export function reasonText(error: unknown, timeoutSeconds: number): Text {
  const { code, name, message } = error as { code?: string | number; name?: string; message?: string };
  if (name === "TimeoutError" || name === "AbortError" || code === "ETIMEOUT") {
    return { id: `tidak menjawab dalam ${timeoutSeconds} s`, en: `no answer within ${timeoutSeconds} s` };
  }
  const known = typeof code === "string" && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const plain = message ?? String(error);
  return known ?? { id: plain, en: plain };
}
