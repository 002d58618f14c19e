import { ensureLabApprovers } from "../custody/approvers.ts";
import { ensureRegionSecrets } from "../custody/store.ts";
import { systemClock } from "../io/clock.ts";
import type { Model } from "../model/types.ts";
import { say } from "./output/language.ts";

/** Makes what secrets the model calls for and are not there yet; says on stderr what was done. */
export async function prepareSecrets(model: Model): Promise<void> {
  const { changes, warnings } = await ensureRegionSecrets(model, { env: process.env, clock: systemClock });
  const shown =
    changes.length <= 6
      ? changes.map((change) => say(change.message))
      : [
          say({
            id: `${changes.length} rahasia dan sertifikat dibuat atau diperbarui`,
            en: `${changes.length} secrets and certificates made or renewed`,
          }),
        ];
  const approvers = await ensureLabApprovers(model, process.env);
  if (approvers.length > 0) {
    const names = approvers.join(", ");
    shown.push(say({ id: `kunci persetujuan lab dibuat: ${names}`, en: `lab's approval keys made: ${names}` }));
  }
  for (const line of shown) process.stderr.write(`  ${line}\n`);
  for (const warning of warnings) process.stderr.write(`  ! ${say(warning)}\n`);
}
