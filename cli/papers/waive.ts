/** One more waiver for an inventory: what is wrong with it, or the inventory with it. Pure. */
import { type Binding, judgeWaivers, rolesOf, type Waiver } from "../../compliance/index.ts";
import { type Inventory, type InventoryFile, parseInventory } from "../../model/index.ts";
import { text } from "../../model/text.ts";
import { type Wrong, wrong, wrongOf } from "../wrong.ts";
import { addItem } from "./edit-yaml.ts";
import { fileWith } from "./inventory-file.ts";

export interface WaiveInput {
  readonly files: readonly InventoryFile[];
  readonly inventory: Inventory;
  readonly bindings: readonly Binding[];
  /** Local date of the region. */
  readonly today: string;
  readonly duty: string | undefined;
  readonly justification: string | undefined;
  readonly approver: string | undefined;
  readonly expires: string | undefined;
  /** Default: the whole duty. */
  readonly which?: readonly string[] | undefined;
}

export interface Waived {
  readonly waiver: Waiver;
  readonly write: InventoryFile;
}

/** Of fields as the command line calls them. */
const OPTION: Readonly<Record<string, string>> = {
  duty: "<duty>",
  justification: "--justification",
  approver: "--approver",
  expires: "--expires",
};

export function waiving(input: WaiveInput): Waived | readonly Wrong[] {
  const {
    files,
    inventory,
    bindings,
    today,
    duty = "",
    justification = "",
    approver = "",
    expires = "",
    which,
  } = input;
  const waiver: Waiver = {
    id: freeId(duty, inventory),
    duty,
    ...(which === undefined || which.length === 0 ? {} : { which: [...which] }),
    ...{ justification: justification.trim(), approver, expires },
  };
  const dutyIds = new Set(bindings.map((one) => one.duty.id));
  const { problems } = judgeWaivers([...inventory.waivers, waiver], { dutyIds, roles: rolesOf(inventory), today });
  const place = `waivers[${inventory.waivers.length}].`;
  const mine = problems
    .filter(({ path }) => path.startsWith(place))
    .map(({ code: _, path, ...rest }) => ({ ...rest, path: OPTION[path.slice(place.length)] ?? path }));
  const unbound = bindings.find((one) => one.duty.id === duty && !one.binds);
  // One that cannot be read is told by itself.
  const ended = expires < today && !mine.some(({ path }) => path === "--expires");
  const all: Wrong[] = [
    ...mine,
    ...(unbound && !unbound.binds ? [wrong("<duty>", unbound.reason, BOUND, duty)] : []),
    ...(ended ? [wrong("--expires", ENDED, text(`${today} atau sesudahnya`, `${today} or later`), expires)] : []),
  ];
  if (all.length > 0) return all;
  const holder = fileWith(files, "waivers");
  const write = { name: holder.name, text: addItem(holder.text, "waivers", fieldsOf(waiver)) };
  const parsed = parseInventory([...files.filter(({ name }) => name !== holder.name), write]);
  if (parsed.ok) return { waiver, write };
  return parsed.problems.map(wrongOf);
}

const fieldsOf = ({ id, duty, which, justification, approver, expires }: Waiver) => ({
  ...{ id, duty },
  ...(which === undefined ? {} : { which }),
  ...{ justification, approver, expires },
});

/** After the duty, with a number where that is taken. */
function freeId(duty: string, { waivers }: Inventory): string {
  const taken = new Set(waivers.map(({ id }) => id));
  const name = duty.replaceAll(".", "-");
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(id)) return id;
  }
}

const BOUND = text("kewajiban yang mengikat daerah ini", "a duty that binds the region");
const ENDED = text("hari terakhirnya sudah lewat", "its last day has passed");
