/** Files made of the roles' public SSH keys: who logs in, and whose signature on a tag counts. */
import type { CodeRepositoryModel, RepositoryModel } from "../../model/types.ts";
import { checked, pushersOf } from "./access.ts";

type People = CodeRepositoryModel["people"];

/**
 * sshd's `authorized_keys`: each key is bound to its role and can do nothing but git.
 * @throws where one key is two roles': sshd would take the first, whoever came.
 */
export function authorizedKeys(people: People): string {
  const holders = new Map<string, string>();
  for (const { role, key } of keysOf(people)) {
    const other = holders.get(key);
    if (other !== undefined)
      throw new TypeError(
        `roles: ${other} and ${role} have the same SSH key, and a key tells who comes. Hint: one key each`,
      );
    holders.set(key, role);
  }
  return [...holders]
    .map(([key, role]) => `restrict,command="/usr/local/lib/lumbung/code/ssh ${role}" ${key}\n`)
    .join("");
}

/** ssh-keygen's allowed signers (ssh-keygen(1), ALLOWED SIGNERS) of one repository: the keys of its maintainers, for git alone. */
export function allowedSigners(repository: RepositoryModel, people: People): string {
  const maintaining = new Set(pushersOf(repository));
  return keysOf(people)
    .filter(({ role }) => maintaining.has(role))
    .map(({ role, key }) => `${role} namespaces="git" ${key}\n`)
    .join("");
}

function keysOf(people: People): { readonly role: string; readonly key: string }[] {
  return [...people]
    .sort((a, b) => (a.role < b.role ? -1 : 1))
    .flatMap(({ role, sshKeys }) =>
      [...new Set(sshKeys)].map((key) => ({
        role: checked("id", role, "roles.id"),
        key: checked("SSH key", key, `role ${role}: sshKeys`),
      })),
    );
}
