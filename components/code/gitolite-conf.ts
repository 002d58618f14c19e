import type { CodeRepositoryModel } from "../../model/types.ts";
import { byId, checked, pushersOf, readersOf } from "./access.ts";

/**
 * gitolite's rules (gitolite.conf). `RW` lets a branch be made and go on, and a tag be made: never be rewritten or deleted, which is
 * `RW+`. Only branches and tags can be written. A repository stands in a group of its own so that gitolite keeps all rules in one
 * file, which changes as a whole.
 */
export function gitoliteConf(code: CodeRepositoryModel): string {
  return byId(code)
    .map((repository) => {
      const id = checked("id", repository.id, "codeRepository.repositories.id");
      const names = (roles: readonly string[]) => roles.map((role) => checked("id", role, `repository ${id}: role`));
      const pushers = names(pushersOf(repository)).join(" ");
      const readers = names(readersOf(repository, code.people)).join(" ");
      return [
        `@lumbung-${id} = ${id}`,
        `repo @lumbung-${id}`,
        ...(pushers ? [`    RW refs/heads/ = ${pushers}`, `    RW refs/tags/ = ${pushers}`] : []),
        ...(readers ? [`    R = ${readers}`] : []),
        "    - = @all",
        "",
      ].join("\n");
    })
    .join("\n");
}
