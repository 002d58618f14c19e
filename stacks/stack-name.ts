import { witnessId } from "../model/derive/names.ts";

/** The part of a region that is no site: the network between the sites and the agencies. */
export const BACKBONE = "backbone";

/** The part of a region that is no site: the third place that holds the epoch. */
export const WITNESS = witnessId;

/** `empat-lawang-drc` is the region `empat-lawang` and its part `drc`. @throws where there is no dash. */
export function stackParts(stack: string): { readonly region: string; readonly part: string } {
  const at = stack.lastIndexOf("-");
  if (at <= 0 || at === stack.length - 1) {
    throw new Error(`stack "${stack}": expected <region>-<site> or <region>-${BACKBONE}, for example lab-dc`);
  }
  return { region: stack.slice(0, at), part: stack.slice(at + 1) };
}
