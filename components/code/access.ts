/** Who may do what with a repository: every role of the owner's OPD reads, maintainers read and push. */
import type { CodeRepositoryModel, RepositoryModel } from "../../model/types.ts";

/** What goes into a configuration is one of these; anything else is a bug of ours and stops the program. */
const patterns = {
  id: /^[a-z][a-z0-9-]{0,39}$/,
  "SSH key": /^(ssh-ed25519|ecdsa-sha2-nistp256|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+={0,2}$/,
  revision: /^[0-9A-Za-z._/-]{1,100}$/,
  "password hash": /^\$6\$[A-Za-z0-9./=$]+$/,
  "one line": /^[^\p{Cc}]+$/u,
} as const;

/** The value itself. @throws a TypeError that names the place, what was expected and what came. */
export function checked(kind: keyof typeof patterns, value: string, path: string): string {
  if (!patterns[kind].test(value)) throw new TypeError(`${path}: expected ${kind}, received ${JSON.stringify(value)}`);
  return value;
}

/** Roles that may push, in order of name. */
export function pushersOf({ maintainers }: RepositoryModel): readonly string[] {
  return [...new Set(maintainers)].sort();
}

/** Roles that may read, in order of name: maintainers too. */
export function readersOf(repository: RepositoryModel, people: CodeRepositoryModel["people"]): readonly string[] {
  const own = people.filter(({ opd }) => opd === repository.owner).map(({ role }) => role);
  return [...new Set([...own, ...repository.maintainers])].sort();
}

/** Repositories in order of id. */
export function byId(code: CodeRepositoryModel): readonly RepositoryModel[] {
  return [...code.repositories].sort((a, b) => (a.id < b.id ? -1 : 1));
}
