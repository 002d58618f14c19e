/** The stores that run beside the databases: objects and code. Absent unless they are declared running. */
import type { Inventory } from "../schema/index.ts";
import type { Model } from "../types.ts";
import { hostsOfCode } from "./hosts.ts";

const mebibyte = 1024 ** 2;

export function objectStoreModel({ objectStore }: Pick<Inventory, "objectStore">): Pick<Model, "objects"> {
  if (objectStore?.status !== "running") return {};
  const buckets = objectStore.buckets.map(
    ({ id, owner, classification, versioning, lockDays, rpoSeconds, copied }) => ({
      id,
      owner,
      classification,
      versioning,
      lockDays,
      rpoSeconds,
      ...(copied ? {} : { copied }),
    }),
  );
  return { objects: { workload: "objects", buckets } };
}

export function codeRepositoryModel(
  inventory: Pick<Inventory, "codeRepository" | "roles" | "subdomains">,
): Pick<Model, "code"> {
  const { codeRepository, roles } = inventory;
  if (codeRepository?.status !== "running") return {};
  const { sshPort, rpoSeconds, repositories } = codeRepository;
  const [host] = hostsOfCode(inventory);
  const owners = new Set(repositories.map(({ owner }) => owner));
  const maintainers = new Set(repositories.flatMap((one) => one.maintainers));
  return {
    code: {
      workload: "code",
      ...(host === undefined ? {} : { host }),
      sshPort,
      rpoSeconds,
      repositories: repositories.map(({ id, owner, application, maintainers, quotaMiB }) => ({
        id,
        owner,
        ...(application === undefined ? {} : { application }),
        maintainers,
        quotaBytes: quotaMiB * mebibyte,
      })),
      people: roles
        .filter(({ id, opd }) => owners.has(opd) || maintainers.has(id))
        .map(({ id, opd, sshKeys }) => ({ role: id, opd, sshKeys })),
    },
  };
}
