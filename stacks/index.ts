/** The Pulumi program, for `pulumi up`, `preview`, `refresh` from a plain shell: the stack's name says region and site. */
import * as pulumi from "@pulumi/pulumi";
import { LumbungError } from "../io/errors.ts";
import type { Text } from "../model/types.ts";
import { guardDuties } from "./duties.ts";
import { declaringAll } from "./engine-link.ts";
import { loadInputs } from "./load.ts";
import { stackProgram } from "./program.ts";
import { stackParts } from "./stack-name.ts";

const { region, part } = stackParts(pulumi.getStack());
const tell = ({ id }: Text) => void pulumi.log.warn(id);
/** A refusal is no fault of the program's: told without a trace. */
const withoutTrace = (error: unknown) => {
  throw error instanceof LumbungError ? new pulumi.RunError(`${error.text.id}\n→ ${error.hint?.id}`) : error;
};
await guardDuties(region, pulumi.runtime.isDryRun() ? tell : undefined).catch(withoutTrace);
const inputs = (await loadInputs(region, pulumi.runtime.isDryRun() ? tell : undefined))(part);
await declaringAll(() => stackProgram(inputs)).catch(withoutTrace);
