/** The Pulumi program, for `pulumi up`, `preview`, `refresh` from a plain shell: the stack's name says region and site. */
import * as pulumi from "@pulumi/pulumi";
import { loadInputs } from "./load.ts";
import { stackProgram } from "./program.ts";
import { stackParts } from "./stack-name.ts";

const { region, part } = stackParts(pulumi.getStack());
await stackProgram((await loadInputs(region))(part));
