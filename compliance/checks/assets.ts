/** Devices and cables, as they are registered. */
import { text } from "../../model/text.ts";
import type { Facts } from "../facts.ts";
import { type Checks, each, notApplicable, when } from "./check.ts";

type Asset = Facts["inventory"]["assets"][number];

export const assetChecks: Checks = {
  "asset.inventory/devices-registered": ({ opds, inventory }) => {
    const holders = new Set(held(inventory.assets).map(({ opd }) => opd));
    return each(
      opds,
      ({ id }) => id,
      ({ id }) => when(!holders.has(id), "tanpa satu pun perangkat tercatat", "without a single device on record"),
    );
  },
  "asset.recommended/devices-have-recommendation": ({ inventory }) => {
    // Lamandau 17 names three kinds; Langsa 17(5) asks it of every device.
    const all = inventory.region.regulations.includes("langsa-34-2020");
    return each(
      held(inventory.assets).filter(({ origin, kind }) => origin === "region" && (all || NAMED.includes(kind))),
      ({ id }) => id,
      ({ recommendation }) => when(recommendation === undefined, "tanpa rekomendasi", "without a recommendation"),
      { applicable: true, reason: text("tidak ada perangkat yang tercatat", "no device is on record") },
    );
  },
  "asset.granted/grants-registered": ({ inventory }) =>
    each(
      held(inventory.assets).filter(({ origin }) => origin !== "region"),
      ({ id }) => id,
      ({ coordination }) =>
        when(coordination === undefined, "tanpa surat koordinasi", "without a letter of coordination"),
      inventory.assets.length > 0
        ? notApplicable("tidak ada perangkat pemberian", "no device was granted")
        : { applicable: true, reason: text("tidak ada perangkat yang tercatat", "no device is on record") },
    ),
  "net.cable-label/label-for-every-cable": ({ inventory, today }) =>
    each(
      inventory.cables,
      ({ id }) => id,
      ({ labelled }) => when(labelled === undefined || labelled > today, "tanpa label", "without a label"),
      { applicable: true, reason: text("tidak ada kabel yang tercatat", "no cable is on record") },
    ),
};

const NAMED: readonly Asset["kind"][] = ["laptop", "desktop", "printer"];

const held = (assets: readonly Asset[]): Asset[] => assets.filter(({ status }) => status !== "disposed");
