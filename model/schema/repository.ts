import { z } from "zod";
import { hostName, provenance, reference, say, slug } from "./common.ts";

const repository = z.strictObject({
  id: slug.describe(say("Nama repositori", "Name of the repository")),
  owner: reference.describe(say("Id OPD pemilik", "Id of the OPD that owns it")),
  application: reference
    .exactOptional()
    .describe(say("Id aplikasi yang kodenya disimpan", "Id of the application whose code it holds")),
  maintainers: z.array(reference).default([]).describe(say("Id peran pengelola", "Ids of the roles that maintain it")),
  licence: z.string().min(1).exactOptional().describe(say("Lisensi", "Licence")),
  ...provenance,
});

export const codeRepository = z
  .strictObject({
    status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
    host: hostName.exactOptional().describe(say("Nama host repositori", "Host name of the repository")),
    backup: reference.exactOptional().describe(say("Id kebijakan cadangan", "Id of the backup policy")),
    repositories: z.array(repository).describe(say("Repositori", "Repositories")),
  })
  .describe(say("Repositori kode sumber", "Code repository"));

export type CodeRepository = z.output<typeof codeRepository>;
