import { z } from "zod";
import { mebibytes, provenance, reference, say, slug } from "./common.ts";

const repository = z.strictObject({
  id: slug.describe(say("Nama repositori", "Name of the repository")),
  owner: reference.describe(say("Id OPD pemilik", "Id of the OPD that owns it")),
  application: reference
    .exactOptional()
    .describe(say("Id aplikasi yang kodenya disimpan", "Id of the application whose code it holds")),
  maintainers: z.array(reference).default([]).describe(say("Id peran pengelola", "Ids of the roles that maintain it")),
  quotaMiB: mebibytes
    .default(256)
    .describe(
      say(
        "Ukuran paling besar, MiB; kiriman yang melampauinya ditolak",
        "Largest size, MiB; a push beyond it is refused",
      ),
    ),
  licence: z.string().min(1).exactOptional().describe(say("Lisensi", "Licence")),
  ...provenance,
});

export const codeRepository = z
  .strictObject({
    status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
    sshPort: z
      .int()
      .min(1)
      .max(65535)
      .default(2222)
      .describe(say("Porta SSH di alamat publik lokasi", "SSH port on the site's public address")),
    rpoSeconds: z
      .int()
      .min(10)
      .default(300)
      .describe(
        say("Umur salinan di lokasi lain paling lama, detik", "How old the copy at the other site may be, seconds"),
      ),
    backup: reference.exactOptional().describe(say("Id kebijakan cadangan", "Id of the backup policy")),
    repositories: z.array(repository).describe(say("Repositori", "Repositories")),
  })
  .describe(say("Repositori kode sumber", "Code repository"));

export type CodeRepository = z.output<typeof codeRepository>;
