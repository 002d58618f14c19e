import type { PlaceSecrets } from "../custody/types.ts";
import { lacking } from "./lacking.ts";
import type { WorkloadFile } from "./workload.ts";

/** The three files by which a workload proves its name and checks others: root, own certificate, own key. @throws if it has no certificate. */
export function tlsFiles(secrets: PlaceSecrets, workload: string): WorkloadFile[] {
  const certificate = secrets.certificates[workload];
  if (!certificate) throw lacking(secrets, `certificates.${workload}`, "a certificate");
  return [
    { path: "tls/ca.crt", content: secrets.authority.root },
    { path: "tls/server.crt", content: certificate.chain },
    { path: "tls/server.key", content: certificate.key, secret: true },
  ];
}
