/** The page that goes to the auditor with the certificate. Pure. */
import { AUDITORS_PORT } from "../../model/auditors.ts";
import { localTimeAt } from "../../model/local-time.ts";
import type { AuditorModel, Model, Text } from "../../model/types.ts";

/** Names of the files in the folder that is handed over. */
export const FILES = { authority: "authority.pem", guide: { id: "petunjuk.txt", en: "guide.txt" } } as const;

export const certificateFile = ({ id }: Pick<AuditorModel, "id">): string => `auditor-${id}.pem`;

export const addressOf = ({ gatewayName }: Pick<Model["region"], "gatewayName">): string =>
  `https://${gatewayName}:${AUDITORS_PORT}/`;

export function guideOf(region: Model["region"], auditor: AuditorModel, until: string): Text {
  const own = certificateFile(auditor);
  const address = addressOf(region);
  const end = localTimeAt(Date.parse(until), region.timezone, "minute");
  const p12 = `openssl pkcs12 -export -inkey auditor.key -in ${own} -name "Lumbung ${region.id}" -out auditor.p12`;
  const ask = (path: string): string =>
    `curl --cacert ${FILES.authority} --cert ${own} --key auditor.key ${address}${path}`;
  return {
    id: `Akses baca auditor: ${auditor.body}
${region.government}

Alamat   : ${address}
Berlaku  : sampai ${end}, selama auditor ini tercantum dalam inventaris daerah

1. Peramban. Gabungkan kunci Anda dan sertifikat ini menjadi satu berkas, dan lindungi dengan kata sandi:
     ${p12}
   Impor auditor.p12 sebagai sertifikat milik Anda, dan ${FILES.authority} sebagai otoritas yang dipercaya untuk situs web, lalu buka alamat di atas.
2. Baris perintah (JSON):
     ${ask("evidence")}
     ${ask("findings")}
3. Bukti dapat diperiksa tanpa program kami: lihat bundel auditor (VERIFY.txt) dan kunci publik di ${address}evidence/keys. Bandingkan sidik kuncinya
   dengan yang tercetak.

Kunci pribadi (auditor.key) hanya ada pada Anda. Bila hilang atau bocor, beri tahu daerah: akses ditutup dengan mengeluarkan auditor ini dari inventaris.
Setiap kunjungan dicatat.
`,
    en: `Read access for auditors: ${auditor.body}
${region.government}

Address  : ${address}
Valid    : until ${end}, as long as this auditor stands in the region's inventory

1. Browser. Join your key and this certificate into one file, and protect it with a password:
     ${p12}
   Import auditor.p12 as a certificate of your own, and ${FILES.authority} as an authority that is trusted for web sites; then open the address above.
2. Command line (JSON):
     ${ask("evidence")}
     ${ask("findings")}
3. Evidence can be checked without a programme of ours: see the auditor's bundle (VERIFY.txt), and the public keys at ${address}evidence/keys. Compare
   their fingerprints with those on paper.

The private key (auditor.key) is with you alone. If it is lost or leaks, tell the region: access ends when this auditor is taken out of the inventory.
Every visit is recorded.
`,
  };
}
