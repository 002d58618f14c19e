/** The floor of a preview: as many resources of the same types, with no more arguments than they need. */
import * as docker from "@pulumi/docker";

const MAKERS: Readonly<Record<string, (name: string) => unknown>> = {
  "docker:index/network:Network": (name) => new docker.Network(name, { name }),
  "docker:index/volume:Volume": (name) => new docker.Volume(name, { name }),
  "docker:index/container:Container": (name) => new docker.Container(name, { name, image: "bench:none" }),
};

/** Registers that many resources of each type. @throws on a type that our programs do not use. */
export async function bareProgram(resources: Readonly<Record<string, number>>): Promise<void> {
  for (const [type, count] of Object.entries(resources)) {
    const make = MAKERS[type];
    if (!make)
      throw new Error(`bare program: no resource of type ${type}; there are ${Object.keys(MAKERS).join(", ")}`);
    for (let number = 0; number < count; number += 1) make(`bench-${type.split(":").at(-1)?.toLowerCase()}-${number}`);
  }
}
