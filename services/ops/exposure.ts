/** How exposed the region is, as this `ops` sees both sites anyway: no question is asked for it. Pure. */
import type { Text } from "../../model/types.ts";
import { exposureText, type SiteNow } from "../../runbooks/exposure.ts";
import type { OpsConfig } from "./config.ts";
import type { LastWaits } from "./runbooks/waits.ts";
import { type OpsStatus, targetId } from "./status.ts";

/** Null: one site is active and the other stands by, or there is one alone. @param lastWaits what servers said last of commits that wait. */
export function exposureOf(
  { runbooks }: Pick<OpsConfig, "runbooks">,
  { site, state, peer }: Pick<OpsStatus, "site" | "state" | "peer">,
  lastWaits: LastWaits,
): Text | null {
  if (peer === null) return null;
  const designations = new Map(runbooks?.declared.sites.map(({ id, designation }) => [id, designation]));
  const sites = [{ site, state }, peer].map((one): SiteNow => {
    const designation = designations.get(one.site);
    return { id: one.site, state: one.state, ...(designation === undefined ? {} : { designation }) };
  });
  const active = sites.find((one) => one.state === "active")?.id;
  const relaxed = (runbooks?.declared.servers ?? []).filter(
    ({ mode, workload }) =>
      mode === "sync" && active !== undefined && lastWaits.get(targetId({ site: active, workload }))?.waits === false,
  );
  return (
    exposureText(
      sites,
      relaxed.map(({ id }) => id),
    ) ?? null
  );
}
