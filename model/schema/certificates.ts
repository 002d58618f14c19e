import { z } from "zod";
import { certificateName, provenance, reference, say, slug } from "./common.ts";

const days = (id: string, en: string, value: number) => z.int().min(1).default(value).describe(say(id, en));

const publicCertificate = z.strictObject({
  id: slug.describe(say("Id sertifikat", "Id of the certificate")),
  names: z.array(certificateName).min(1).describe(say("Nama yang dicakup", "Names that it covers")),
  issuer: z.enum(["region", "acme", "bsre", "commercial"]).describe(say("Penerbit", "Issuer")),
  renewBeforeDays: days("Diperbarui sekian hari sebelum berakhir", "Renewed this many days before it ends", 30),
  owner: reference.describe(say("Id peran penanggung jawab", "Id of the role that answers for it")),
  ...provenance,
});

export const certificates = z
  .strictObject({
    authority: z
      .strictObject({
        rootDays: days("Masa berlaku akar, hari", "Life of the root, days", 3650),
        intermediateDays: days("Masa berlaku perantara, hari", "Life of an intermediate, days", 1095),
        leafDays: days("Masa berlaku sertifikat beban kerja, hari", "Life of a workload's certificate, days", 397),
        renewBeforeDays: days("Diperbarui sekian hari sebelum berakhir", "Renewed this many days before it ends", 60),
        keyHolders: z
          .array(reference)
          .min(1)
          .describe(say("Id peran pemegang kunci akar", "Ids of the roles that hold the root key")),
      })
      .describe(say("Otoritas sertifikat daerah", "The region's certificate authority")),
    public: z.array(publicCertificate).describe(say("Sertifikat untuk umum", "Public certificates")),
  })
  .describe(say("Sertifikat", "Certificates"));

export type Certificates = z.output<typeof certificates>;
