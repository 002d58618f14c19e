/** What one preview in a process of its own is told, and what it answers. */

export interface PreviewJob {
  /** Folder for the stack's state and settings; made by the caller, empty at first. */
  readonly home: string;
  readonly program: RegionProgram | BareProgram;
}

/** Our program for one site, as `lumbung preview` runs it: inventory and secrets are found by LUMBUNG_INVENTORY and LUMBUNG_HOME. */
export interface RegionProgram {
  readonly kind: "region";
  readonly region: string;
  readonly part: string;
}

/** As many resources of the same types, with no more arguments than they need. */
export interface BareProgram {
  readonly kind: "bare";
  readonly resources: Readonly<Record<string, number>>;
}

export interface PreviewAnswer {
  /** The process itself: Node.js, tsx, Pulumi's SDK with the Automation API. The same for both programs. */
  readonly startSeconds: number;
  /**
   * From Pulumi's command being called until its end: the engine starts, runs the program, and looks with the plugin at what it registers.
   */
  readonly previewSeconds: number;
  /** The part of it in which the program loads its modules, reads the inventory, derives the model and names the images, as stacks/index.ts does. */
  readonly loadSeconds: number;
  /** Processor time of this process alone, without Pulumi's command and the plugin. */
  readonly processorSeconds: number;
  /** Number of resources of the docker package that would be created, by type. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Every docker resource that a preview's output says would be created, by type. */
export function createdResources(output: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, type = ""] of output.matchAll(/^\s*\+ (docker:[\w/:]+): \(create\)/gm)) {
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
