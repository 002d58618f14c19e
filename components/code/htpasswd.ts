import { createHmac } from "node:crypto";
import type { SiteSecrets } from "../../custody/types.ts";
import type { CodeRepositoryModel } from "../../model/types.ts";
import { lacking } from "../lacking.ts";
import { checked } from "./access.ts";
import { sha512Crypt } from "./sha512-crypt.ts";

/** The least that crypt allows: the tokens are random and long, so that a guess costs 2^160 of them whatever one costs. */
const ROUNDS = 1000;
const SALT_LENGTH = 16;

/** nginx's password file: a role and the hash of its token a line. @throws where a role has no token. */
export function htpasswd({ people }: CodeRepositoryModel, secrets: SiteSecrets): string {
  return people
    .map(({ role }) => checked("id", role, "roles.id"))
    .sort()
    .map((role) => {
      const held = secrets.codeTokens[role];
      if (!held) throw lacking(secrets, `codeTokens.${role}`, "a token");
      return `${role}:${checked("password hash", sha512Crypt(held.token, saltOf(role, held.token), ROUNDS), `hash of ${role}`)}\n`;
    })
    .join("");
}

/** The same token gives the same line, so that nothing changes where nothing changed; and no salt is another token's. */
function saltOf(role: string, token: string): string {
  const digest = createHmac("sha256", token).update(`lumbung code ${role}`).digest("base64");
  return digest.replaceAll(/[^A-Za-z0-9]/g, ".").slice(0, SALT_LENGTH);
}
