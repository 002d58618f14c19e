import type { PlaceSecrets } from "../custody/types.ts";

/** What is thrown where a site's secrets lack what its workload needs: `lumbung up` makes what the inventory calls for. */
export const lacking = (
  { region, site }: Pick<PlaceSecrets, "region" | "site">,
  path: string,
  expected: string,
): Error =>
  new Error(
    `secrets of ${region}-${site}: ${path}: expected ${expected}, received none. Hint: lumbung up --region ${region}`,
  );
