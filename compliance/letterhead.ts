/** The head of the paper that reports and letters are printed on, from what the inventory declares of the agency that runs the data centre. Pure. */
import type { Inventory } from "../model/index.ts";
import type { AssessedLetterhead } from "./assessment.ts";

/** Undefined where the inventory does not hold the agency that it names. */
export function letterheadOf({ region, opd }: Pick<Inventory, "region" | "opd">): AssessedLetterhead | undefined {
  const office = opd.find(({ id }) => id === region.operator);
  if (office === undefined) return undefined;
  const { address, email, phone } = office.contents?.contact ?? {};
  const reached = [phone === undefined ? undefined : `Telepon ${phone}`, email, region.domain].filter(
    (one) => one !== undefined,
  );
  return {
    office: office.name,
    seat: region.seat,
    lines: [...(address === undefined ? [] : [address]), reached.join(" · ")],
  };
}
