import { bind, localDate, profilesOf } from "../../compliance/index.ts";
import { systemClock } from "../../io/clock.ts";
import { readInventory, writeInventoryFile } from "../../io/inventory.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { text } from "../../model/text.ts";
import { readCatalogue } from "../check/gather.ts";
import { inventoryOf, regionOf } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { waiving } from "../papers/waive.ts";
import { allWrong, wrong } from "../wrong.ts";

/**
 * `waive <duty>`: one more waiver in the inventory, with who answers for it until when.
 * Exit codes: 0 written; 2 wrong use, with all that is wrong: then nothing is written.
 */
export async function waive(options: Options): Promise<number> {
  const region = regionOf(options);
  const [duty, ...rest] = options.words;
  const [inventory, catalogue] = [await inventoryOf(options), await readCatalogue()];
  const { profiles } = profilesOf(catalogue, inventory.region.regulations);
  const { justification, approver, expires, which } = options;
  const result = waiving({
    ...{ inventory, duty, justification, approver, expires, which },
    files: await readInventory(REPOSITORY, region),
    bindings: bind(catalogue, profiles),
    today: localDate(systemClock.now(), inventory.region.timezone),
  });
  const more = rest.map((word) => wrong(word, ONE, text("satu kewajiban", "one duty"), word));
  if (!("write" in result)) throw allWrong("waive", [...more, ...result]);
  if (more.length > 0) throw allWrong("waive", more);
  const { waiver, write } = result;
  await writeInventoryFile(REPOSITORY, region, write);
  const told = {
    id: `${waiver.id}: ${waiver.duty} dikecualikan sampai ${waiver.expires}; ditulis di ${region}/${write.name}`,
    en: `${waiver.id}: ${waiver.duty} is waived until ${waiver.expires}; written to ${region}/${write.name}`,
  };
  process.stdout.write(
    options.json ? `${JSON.stringify({ region, waiver, written: write.name })}\n` : `${say(told)}\n`,
  );
  return 0;
}

const ONE = text("lebih dari satu kewajiban", "more than one duty");
