/** What the provider asks of each resource type. Values are plain JSON without secrets' envelopes. */
import type { Checked } from "./check.ts";
import type { Exclusive } from "./diff.ts";
import type { Engine } from "./engine.ts";
import type { Properties } from "./property.ts";
import type { Value, ValueMap } from "./values.ts";

export interface Context {
  readonly engine: Engine;
  /** Aborted when the run is cancelled or the resource's own timeout is over. */
  readonly signal: AbortSignal;
  /** For messages that a person sees while a long step runs. */
  readonly say: (message: string) => void;
}

export interface Made {
  readonly id: string;
  readonly outputs: ValueMap;
  /** Why the object, which exists, is not what it should be. */
  readonly notReady?: string;
}

export interface Found {
  readonly id: string;
  readonly outputs: ValueMap;
  readonly inputs: ValueMap;
}

export interface Resource {
  readonly type: string;
  readonly properties: Properties;
  /** Properties that the official plugin has and we refuse, each with a hint. */
  readonly refused: Readonly<Record<string, string>>;
  /** Outputs that are no inputs, as a preview shows them. */
  readonly derived: Readonly<Record<string, Value>>;
  /** Outputs that are no inputs and never change in an update. */
  readonly fixed: readonly string[];
  readonly exclusive: Exclusive;
  /** Outputs that an update will change, nobody knows to what. */
  unsettled?(outputs: ValueMap, inputs: ValueMap): readonly string[];
  /** Rules that look at several properties. */
  checkAll?(inputs: ValueMap): Checked["failures"];
  create(inputs: ValueMap, context: Context): Promise<Made>;
  /** Undefined when it is gone. Empty `outputs` and `inputs`: an import. */
  read(id: string, outputs: ValueMap, inputs: ValueMap, context: Context): Promise<Found | undefined>;
  update(id: string, outputs: ValueMap, inputs: ValueMap, context: Context): Promise<Made>;
  delete(id: string, outputs: ValueMap, context: Context): Promise<void>;
}
