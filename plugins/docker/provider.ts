/** The provider's answers, in plain values: no gRPC here. */
import { check } from "./check.ts";
import { container } from "./container/container.ts";
import { type Difference, diff } from "./diff.ts";
import { Engine } from "./engine.ts";
import { Cancelled, OperatorError } from "./errors.ts";
import { endpointOf } from "./host.ts";
import { type Autonaming, nameFor } from "./naming.ts";
import { network } from "./network.ts";
import { previewOutputs, previewUpdate } from "./outputs.ts";
import type { Failure } from "./property.ts";
import type { Context, Found, Made, Resource } from "./resource.ts";
import { canonical } from "./same.ts";
import { isUnknown, unwrap, type ValueMap, wrap } from "./values.ts";
import { volume } from "./volume.ts";

const RESOURCES: ReadonlyMap<string, Resource> = new Map(
  [network, volume, container].map((resource) => [resource.type, resource]),
);

/** As long as the official plugin gives an operation that has no timeout of its own. */
const DEFAULT_TIMEOUT_SECONDS = 20 * 60;

export interface CheckRequest {
  readonly urn: string;
  readonly olds: ValueMap;
  readonly news: ValueMap;
  readonly randomSeed: Uint8Array;
  readonly autonaming?: Autonaming;
}

export interface DiffRequest {
  readonly urn: string;
  readonly olds: ValueMap;
  readonly news: ValueMap;
  readonly oldInputs: ValueMap;
  readonly ignoreChanges: readonly string[];
}

export interface Change {
  readonly urn: string;
  readonly id: string;
  readonly olds: ValueMap;
  readonly news: ValueMap;
  readonly preview: boolean;
  readonly timeoutSeconds: number;
}

export type Say = (urn: string, message: string) => void;

export class Provider {
  private config: ValueMap = {};
  private engine: Engine | undefined;
  private readonly cancelled = new AbortController();
  private readonly running = new Set<Promise<unknown>>();
  private readonly environment: Readonly<Record<string, string | undefined>>;
  private readonly say: Say;

  constructor(environment: Readonly<Record<string, string | undefined>>, say: Say) {
    this.environment = environment;
    this.say = say;
  }

  /** Wrong settings of the provider. An unknown host is fine in a preview. */
  checkConfig(news: ValueMap): Failure[] {
    const { values } = unwrap(news);
    const failures: Failure[] = Object.keys(values)
      .filter((name) => !name.startsWith("__") && !CONFIG.has(name))
      .map((name) => ({
        property: name,
        reason: `is not supported by this plugin. Hint: it knows ${[...CONFIG].join(", ")}`,
      }));
    if (isUnknown(values.host)) return failures;
    try {
      endpointOf({ host: values.host ?? null }, this.environment);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      failures.push({ property: "host", reason: error.message });
    }
    return failures;
  }

  /** Names of the settings that differ. */
  diffConfig(olds: ValueMap, news: ValueMap): string[] {
    const [before, after] = [unwrap(olds).values, unwrap(news).values];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => CONFIG.has(name) && canonical(before[name] ?? null) !== canonical(after[name] ?? null))
      .sort();
  }

  configure(args: ValueMap): void {
    this.config = unwrap(args).values;
    this.engine = undefined;
  }

  check(request: CheckRequest): { inputs: ValueMap; failures: readonly Failure[] } {
    const resource = resourceOf(request.urn);
    const { values, secrets } = unwrap(request.news);
    const named = typeof values.name === "string" ? { values, failures: [] } : this.named(request, values);
    const { inputs, failures } = check(resource.properties, named.values, resource.refused);
    const all = [...named.failures, ...failures, ...(failures.length === 0 ? (resource.checkAll?.(inputs) ?? []) : [])];
    const made = typeof values.name !== "string" && typeof inputs.name === "string";
    const defaults = Array.isArray(inputs.__defaults) ? [...inputs.__defaults, ...(made ? ["name"] : [])].sort() : [];
    return { inputs: wrap({ ...inputs, __defaults: defaults }, secrets), failures: all };
  }

  private named(request: CheckRequest, values: ValueMap): { values: ValueMap; failures: Failure[] } {
    const answer = nameFor({
      resource: request.urn.split("::").at(-1) ?? "",
      seed: request.randomSeed,
      previous: unwrap(request.olds).values,
      ...(request.autonaming ? { autonaming: request.autonaming } : {}),
    });
    return "failure" in answer
      ? { values, failures: [answer.failure] }
      : { values: { ...values, name: answer.name }, failures: [] };
  }

  diff(request: DiffRequest): Difference {
    const resource = resourceOf(request.urn);
    const [state, declared, previouslyDeclared] = [request.olds, request.news, request.oldInputs].map(
      (values) => unwrap(values).values,
    );
    const difference = diff(
      resource.properties,
      {
        state: state ?? {},
        declared: declared ?? {},
        previouslyDeclared: previouslyDeclared ?? {},
        ignored: request.ignoreChanges,
      },
      resource.exclusive,
    );
    return { ...difference, stables: [...difference.stables, ...resource.fixed].sort() };
  }

  create(request: Change): Promise<Made> {
    const resource = resourceOf(request.urn);
    const { values, secrets } = unwrap(request.news);
    if (request.preview) {
      return Promise.resolve({
        id: "",
        outputs: wrap(previewOutputs(resource.properties, values, resource.derived), secrets),
      });
    }
    return this.run(request, async (context) => sealed(await resource.create(values, context), secrets));
  }

  update(request: Change): Promise<Made> {
    const resource = resourceOf(request.urn);
    const { values, secrets } = unwrap(request.news);
    const olds = unwrap(request.olds).values;
    if (request.preview) {
      const unsettled = resource.unsettled?.(olds, values) ?? [];
      const outputs = previewUpdate(resource.properties, olds, values, unsettled);
      return Promise.resolve({ id: request.id, outputs: wrap(outputs, secrets) });
    }
    return this.run(request, async (context) =>
      sealed(await resource.update(request.id, olds, values, context), secrets),
    );
  }

  read(request: Omit<Change, "preview">): Promise<Found | undefined> {
    const resource = resourceOf(request.urn);
    const state = unwrap(request.olds);
    const inputs = unwrap(request.news);
    return this.run(request, async (context) => {
      const found = await resource.read(request.id, state.values, inputs.values, context);
      return (
        found && {
          id: found.id,
          outputs: wrap(found.outputs, state.secrets),
          inputs: wrap(found.inputs, inputs.secrets),
        }
      );
    });
  }

  delete(request: Omit<Change, "preview" | "news">): Promise<void> {
    return this.run(request, (context) =>
      resourceOf(request.urn).delete(request.id, unwrap(request.olds).values, context),
    );
  }

  /** Stops what is going on; each operation removes what it has half made. Resolves when all of them have ended. */
  async cancel(): Promise<void> {
    this.cancelled.abort(new Cancelled("cancelled"));
    await Promise.allSettled([...this.running]);
  }

  private async run<T>(
    request: { urn: string; timeoutSeconds: number },
    work: (context: Context) => Promise<T>,
  ): Promise<T> {
    if (this.cancelled.signal.aborted) throw new Cancelled("the run was cancelled");
    this.engine ??= new Engine(endpointOf(this.config, this.environment));
    const seconds = request.timeoutSeconds > 0 ? request.timeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
    // Held until the work is done: a timeout that is held by nothing but `any` may never come (nodejs/node#57736).
    const late = AbortSignal.timeout(seconds * 1000);
    const signal = AbortSignal.any([this.cancelled.signal, late]);
    const done = work({ engine: this.engine, signal, say: (message) => this.say(request.urn, message) });
    this.running.add(done);
    try {
      return await done;
    } catch (error) {
      if (error instanceof Cancelled && late.aborted && !this.cancelled.signal.aborted)
        throw new Cancelled(`${error.message}: not done within ${seconds} s`);
      throw error;
    } finally {
      this.running.delete(done);
    }
  }
}

/** Settings of the provider. `version` and `pluginDownloadURL` are the engine's own. */
const CONFIG: ReadonlySet<string> = new Set([
  "host",
  "certPath",
  "caMaterial",
  "certMaterial",
  "keyMaterial",
  "disableDockerDaemonCheck",
  "version",
  "pluginDownloadURL",
]);

function sealed(made: Made, secrets: ReadonlySet<string>): Made {
  return { ...made, outputs: wrap(made.outputs, secrets) };
}

/** The resource of a URN `urn:pulumi:stack::project::[parent$]type::name`. */
export function resourceOf(urn: string): Resource {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const resource = RESOURCES.get(type);
  if (resource) return resource;
  throw new OperatorError(
    `resource type ${type || urn}: expected one of ${[...RESOURCES.keys()].join(", ")}. Hint: this plugin has only what Lumbung uses; the official one has more`,
  );
}
