/** Network: what follows from the inventory. */
import { text } from "../../model/text.ts";
import { type Checks, each, failing, ok, when } from "./check.ts";

export const netChecks: Checks = {
  "net.backbone/every-agency-joined": ({ opds, inventory }) => {
    const joined = new Set(inventory.links.filter(({ status }) => status === "running").map(({ opd }) => opd));
    return each(
      opds,
      ({ id }) => id,
      ({ id, bandwidth }) =>
        when(bandwidth.guaranteedMbps <= 0, "tanpa lebar pita terjamin", "without a guaranteed rate") ??
        when(
          inventory.links.length > 0 && !joined.has(id),
          "tanpa sambungan yang berjalan",
          "without a link that runs",
        ),
    );
  },
  "net.ip/numbered-without-overlap": ({ model, opds }) => {
    // The inventory's rules refuse overlaps; what is left is that no two agencies have one network.
    const holders = new Map<string, number>();
    for (const { network } of model.opds) holders.set(network.subnet, (holders.get(network.subnet) ?? 0) + 1);
    return each(
      opds,
      ({ id }) => id,
      ({ network }) =>
        when(
          (holders.get(network.subnet) ?? 0) > 1,
          `${network.subnet} dipakai dua kali`,
          `${network.subnet} is used twice`,
        ),
    );
  },
  "net.bandwidth/guaranteed-rates-fit": ({ opds, inventory }) => {
    const primary = inventory.sites.find(({ designation }) => designation === "primary");
    const uplink = primary?.capacity.uplinkMbps ?? 0;
    const promised = opds.reduce((sum, { bandwidth }) => sum + bandwidth.guaranteedMbps, 0);
    const fits = promised <= uplink;
    return {
      things: [
        fits
          ? ok("uplink")
          : failing(
              "uplink",
              text(`dijanjikan ${promised} dari ${uplink} Mbps`, `${promised} of ${uplink} Mbps promised`),
            ),
        ...each(
          opds,
          ({ id }) => id,
          ({ bandwidth }) =>
            when(bandwidth.guaranteedMbps <= 0, "tanpa lebar pita terjamin", "without a guaranteed rate"),
        ).things,
      ],
    };
  },
  "net.internet/every-agency-has-access": ({ opds }) =>
    each(
      opds,
      ({ id }) => id,
      ({ bandwidth }) => when(bandwidth.maximumMbps <= 0, "tanpa akses internet", "without internet access"),
    ),
};
