/** Every place of a region where workloads run. */
import type { Model, PlaceModel } from "./types.ts";

/** The witness first, as it holds the majority together while sites change; then the sites as declared. */
export function placesOf(model: Model): PlaceModel[] {
  return [...(model.witness ? [model.witness] : []), ...model.sites];
}
