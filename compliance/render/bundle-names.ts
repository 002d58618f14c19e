/** Names of the files of an auditor's bundle. Pure. */
import { keyRing, type PublicEvidenceKey } from "../../evidence/keys.ts";

export const MANIFEST = "MANIFEST.sha256";
export const ASSESSMENT = "assessment.json";
/** Digests of the records as the assessment cites them. */
export const CITED = "EVIDENCE.sha256";
/** Folder of the one record by which a site's signer signed the manifest; no other file is left out of the manifest. */
export const SIGNATURES = "signature";

/** Where that record lies, by its id `<writer>/<number>`. */
export const signaturePath = (id: string): string => `${SIGNATURES}/${id}.json`;

/** `<site>.<12 digits of its name>.pem`, as the region's other copies of evidence have it. */
export const keyPath = (key: PublicEvidenceKey): string => `keys/${key.site}.${nameOf(key).slice(0, 12)}.pem`;

/** SHA-256 of the key, in hex: what is compared with paper. */
export const nameOf = (key: PublicEvidenceKey): string => [...keyRing([key]).keys()][0] ?? "";
