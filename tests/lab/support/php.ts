/** The PHP applications of the lab as the tests reach them. */
import { containerName } from "../../../components/runtime/docker/names.ts";
import type { ApplicationModel, Model, SiteModel } from "../../../model/types.ts";
import { Browser } from "./browser.ts";
import { runProgram } from "./lumbung.ts";
import { engine, REGION, secretsOf, siteWith } from "./region.ts";

export interface PhpApplication {
  readonly application: ApplicationModel;
  readonly host: string;
  readonly address: string;
  readonly ca: string;
  readonly adminPassword: string;
  /** Container at the primary and at the recovery site. */
  readonly container: string;
  readonly standby: string;
  readonly browser: () => Browser;
}

/** @throws where the model has no such PHP application, or the secrets lack it. */
export async function phpApplication(model: Model, id: string): Promise<PhpApplication> {
  const application = model.applications.find((one) => one.id === id);
  const [host] = application?.hosts ?? [];
  if (application?.run?.runtime !== "php" || host === undefined)
    throw new Error(`applications.${id}: expected a PHP application that runs, with a host`);
  const primary = siteWith(model, "primary");
  const secrets = await secretsOf(primary.id);
  const adminPassword = secrets.applicationSecrets[id]?.adminPassword;
  if (adminPassword === undefined) throw new Error(`applicationSecrets.${id}: expected a secret`);
  const { workload } = application.run;
  const nameAt = (site: SiteModel) => containerName({ region: REGION, site: site.id }, workload);
  const target = { address: primary.publicAddress, host, ca: secrets.authority.root };
  return {
    application,
    ...target,
    adminPassword,
    container: nameAt(primary),
    standby: nameAt(siteWith(model, "recovery")),
    browser: () => new Browser(target),
  };
}

/** Runs words in a container. */
export const within = (container: string, words: readonly string[], stdin?: string | Uint8Array) =>
  engine.exec(container, words, stdin === undefined ? {} : { stdin });

export interface AuditLine {
  readonly event: "refused";
  readonly request: string;
  readonly method: string;
  readonly path: string;
  readonly rules: readonly { readonly id: string; readonly where: string }[];
}

/** What the container's core rules refused since a moment (ISO 8601), and all that it printed. */
export async function auditOf(
  container: string,
  since: string,
): Promise<{ readonly lines: AuditLine[]; readonly all: string }> {
  const { code, stdout, stderr } = await runProgram("docker", ["logs", "--since", since, container]);
  if (code !== 0) throw new Error(`docker logs ${container}: ${stderr}`);
  const lines = stdout.split("\n").filter((line) => line.startsWith('{"event":"refused"'));
  return { lines: lines.map((line) => JSON.parse(line) as AuditLine), all: stdout + stderr };
}
