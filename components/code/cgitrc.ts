import type { CodeRepositoryModel, Model } from "../../model/types.ts";
import { word } from "../dns/words.ts";
import { byId, checked, readersOf } from "./access.ts";

/** What cgit shows to one role: the repositories that it may read, and no other. @throws where a text would end its line. */
export function cgitrc(model: Model, code: CodeRepositoryModel, role: string): string {
  const repositories = byId(code).filter((repository) => readersOf(repository, code.people).includes(role));
  const host = code.host === undefined ? undefined : word("host name", code.host, "code.host");
  return [
    `root-title=${line(`Kode sumber ${model.region.name}`)}`,
    `root-desc=${line(`${model.region.government} · ${role}`)}`,
    "virtual-root=/",
    "css=/cgit.css",
    "logo=/cgit.png",
    "js=",
    "favicon=/favicon.ico",
    "robots=noindex, nofollow",
    // Pages differ by role, and a cache would not.
    "cache-size=0",
    "local-time=1",
    "enable-index-owner=1",
    "enable-commit-graph=1",
    "enable-http-clone=0",
    "enable-html-serving=0",
    "max-repo-count=100",
    "snapshots=tar.gz",
    "mimetype-file=/etc/mime.types",
    ...(host ? [`clone-prefix=https://${host} ssh://git@${host}:${code.sshPort}`] : []),
    ...repositories.flatMap(({ id, owner, application }) => [
      "",
      `repo.url=${checked("id", id, "repositories.id")}`,
      `repo.path=/var/lib/code/repositories/${id}.git`,
      `repo.owner=${line(ownerName(model, owner))}`,
      `repo.desc=${line(applicationName(model, application) ?? id)}`,
      // Which revision is deployed, and whether it is in there; found out where the repository is.
      `include=/run/code/deployed/${id}.cgitrc`,
    ]),
    "",
  ].join("\n");
}

const line = (text: string): string => checked("one line", text, "cgitrc");

const ownerName = (model: Model, owner: string): string =>
  model.opds.find(({ id }) => id === owner)?.shortName ?? owner;

const applicationName = (model: Model, application: string | undefined): string | undefined =>
  model.applications.find(({ id }) => id === application)?.name;
