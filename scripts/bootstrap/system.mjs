import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { lastLines, prefixed, which } from "./command.mjs";
import { blamesNetwork, EXIT, Stop } from "./errors.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/**
 * The fields of /etc/os-release, without their quotes.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseOsRelease(text) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of text.split("\n")) {
    const found = /^([A-Z_]+)=(?:"(.*)"|(.*))$/.exec(line.trim());
    if (found?.[1]) fields[found[1]] = found[2] ?? found[3] ?? "";
  }
  return fields;
}

/**
 * Whether packages are installed with apt here: Debian, Ubuntu and what is derived from them.
 * @param {Record<string, string>} release
 * @returns {boolean}
 */
export function isDebianLike(release) {
  return ["debian", "ubuntu"].some((id) => release.ID === id || (release.ID_LIKE ?? "").split(" ").includes(id));
}

/** @returns {Promise<Record<string, string>>} */
export async function osRelease() {
  return parseOsRelease(await readFile("/etc/os-release", "utf8").catch(() => ""));
}

/**
 * The words before a command that needs the administrator: none for root, sudo where it asks for nothing or a terminal can answer.
 * @param {Context} context
 * @returns {Promise<readonly string[] | undefined>} nothing when we cannot become administrator
 */
export async function asRoot(context) {
  if (process.getuid?.() === 0) return [];
  const sudo = await which("sudo", context.env);
  if (!sudo) return undefined;
  const silent = await context.run([sudo, "-n", "true"], { deadlineMs: 10_000 });
  return silent.code === 0 ? [sudo, "-n"] : undefined;
}

/**
 * @param {Context} context
 * @returns {Promise<boolean>} whether we may install Debian packages here
 */
export async function canInstall(context) {
  return (
    isDebianLike(await osRelease()) &&
    (await which("apt-get", context.env)) !== undefined &&
    (await asRoot(context)) !== undefined
  );
}

/** @returns {Promise<boolean>} whether systemd runs this machine */
export async function hasSystemd() {
  return access("/run/systemd/system").then(
    () => true,
    () => false,
  );
}

/**
 * The version that apt would install; nothing when it knows no such package.
 * @param {Context} context
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
export async function aptCandidate(context, name) {
  const { code, output } = await context.run(["apt-cache", "policy", name], {
    env: { ...context.env, LC_ALL: "C" },
    deadlineMs: 30_000,
  });
  const found = code === 0 ? /Candidate: (\S+)/.exec(output)?.[1] : undefined;
  return found === "(none)" ? undefined : found;
}

/**
 * @param {readonly string[]} before from {@link asRoot}
 * @param {readonly string[]} names
 * @returns {[string, ...string[]]}
 */
export function aptInstallWords(before, names) {
  const quietly = ["DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=a"];
  return prefixed(before, [
    "env",
    ...quietly,
    "apt-get",
    "install",
    "--yes",
    "-o",
    "DPkg::Lock::Timeout=120",
    ...names,
  ]);
}

/**
 * Says what and why, then installs Debian packages. The package lists are refreshed first when a package is unknown or its file has gone.
 * @param {Context} context
 * @param {readonly string[]} names
 * @param {import("./messages.mjs").Key} why
 */
export async function aptInstall(context, names, why) {
  const before = await asRoot(context);
  if (!before)
    throw new Stop(EXIT.unreachable, context.text("needsRoot", names.join(", ")), {
      hint: context.text("needsRootHint", names.join(" ")),
    });
  context.say("installing", names.join(", "), context.text(why));
  const log = join(context.cache, "logs", "apt.log");
  const known = await Promise.all(names.map((name) => aptCandidate(context, name)));
  const update = async () => {
    const words = prefixed(before, ["apt-get", "update"]);
    const done = await context.progress("aptUpdate", () => context.run(words, { log, deadlineMs: 300_000 }));
    if (done.code !== 0) throw aptFailed(context, "apt-get update", done.output, log);
  };
  let fresh = false;
  if (known.includes(undefined)) {
    await update();
    fresh = true;
  }
  const install = () =>
    context.progress(
      "aptInstall",
      () => context.run(aptInstallWords(before, names), { log, deadlineMs: 900_000 }),
      names.join(", "),
    );
  let done = await install();
  if (done.code !== 0 && !fresh) {
    await update();
    done = await install();
  }
  if (done.code !== 0) throw aptFailed(context, `apt-get install ${names.join(" ")}`, done.output, log);
}

/**
 * @param {Context} context
 * @param {string} what
 * @param {string} output
 * @param {string} log
 * @returns {Stop}
 */
function aptFailed(context, what, output, log) {
  const hint = blamesNetwork(output) ? context.text("networkHint") : lastLines(output);
  return new Stop(EXIT.unreachable, context.text("commandFailed", what), { hint, log });
}
