/** For tests: calls our service in this process with a request of the transcript, and answers in the transcript's shape (protobuf's JSON). */
import type { handleUnaryCall, ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Provider } from "./provider.ts";
import { serviceOf } from "./service.ts";
import { text, texts, type Value, type ValueMap } from "./values.ts";
import { plain, wired } from "./wire.ts";

export type Answer = Readonly<Record<string, Value>>;

/** The answer of a provider of its own, or the error with its message. */
export async function replay(
  method: string,
  request: ValueMap,
  provider = new Provider({}, () => undefined),
): Promise<Answer> {
  const name = method.split("/").at(-1) ?? "";
  const codec = CODECS[name];
  if (!codec) throw new Error(`replay: expected one of ${Object.keys(CODECS).join(", ")}, received ${name}`);
  const service = serviceOf(provider, () => undefined);
  const handler = service[name.charAt(0).toLowerCase() + name.slice(1)] as handleUnaryCall<unknown, unknown>;
  const response = await new Promise<unknown>((resolve, reject) => {
    const answer: sendUnaryData<unknown> = (error, value) => (error ? reject(error) : resolve(value));
    handler({ request: codec.encode(request) } as ServerUnaryCall<unknown, unknown>, answer);
  });
  return withoutZeros(codec.decode(response as never));
}

interface Codec {
  readonly encode: (request: ValueMap) => unknown;
  readonly decode: (response: never) => Answer;
}

function map(value: Value | undefined): ValueMap {
  return (value ?? {}) as ValueMap;
}

function checkRequest(request: ValueMap) {
  const message = new proto.CheckRequest();
  message.setUrn(text(request.urn));
  message.setOlds(wired(map(request.olds)));
  message.setNews(wired(map(request.news)));
  message.setRandomseed(text(request.randomSeed));
  return message;
}

function diffRequest(request: ValueMap) {
  const message = new proto.DiffRequest();
  message.setId(text(request.id));
  message.setUrn(text(request.urn));
  message.setOlds(wired(map(request.olds)));
  message.setNews(wired(map(request.news)));
  message.setOldInputs(wired(map(request.oldInputs)));
  message.setIgnorechangesList(texts(request.ignoreChanges));
  return message;
}

type Check = InstanceType<typeof proto.CheckResponse>;
type Diff = InstanceType<typeof proto.DiffResponse>;

function checkResponse(response: Check): Answer {
  const failures = response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
  return { inputs: plain(response.getInputs()), failures };
}

function diffResponse(response: Diff): Answer {
  const kinds = Object.entries(proto.PropertyDiff.Kind);
  const changes =
    Object.entries(proto.DiffResponse.DiffChanges).find(([, value]) => value === response.getChanges())?.[0] ?? "";
  const detailed = response.getDetaileddiffMap().toArray() as unknown as [string, [number]][];
  return {
    replaces: response.getReplacesList(),
    stables: response.getStablesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    changes: changes === "DIFF_UNKNOWN" ? "" : changes,
    diffs: response.getDiffsList(),
    detailedDiff: Object.fromEntries(
      detailed.map(([path, [kind]]) => [path, { kind: kinds.find(([, value]) => value === (kind ?? 0))?.[0] ?? "" }]),
    ),
    hasDetailedDiff: response.getHasdetaileddiff(),
  };
}

const CODECS: Readonly<Record<string, Codec>> = {
  CheckConfig: { encode: checkRequest, decode: checkResponse },
  Check: { encode: checkRequest, decode: checkResponse },
  DiffConfig: { encode: diffRequest, decode: diffResponse },
  Diff: { encode: diffRequest, decode: diffResponse },
  Configure: {
    encode: (request) => {
      const message = new proto.ConfigureRequest();
      message.setArgs(wired(map(request.args)));
      message.setAcceptsecrets(request.acceptSecrets === true);
      return message;
    },
    decode: (response: InstanceType<typeof proto.ConfigureResponse>) => ({
      acceptSecrets: response.getAcceptsecrets(),
      acceptResources: response.getAcceptresources(),
      acceptOutputs: response.getAcceptoutputs(),
      supportsPreview: response.getSupportspreview(),
      supportsAutonamingConfiguration: response.getSupportsAutonamingConfiguration(),
    }),
  },
  Create: {
    encode: (request) => {
      const message = new proto.CreateRequest();
      message.setUrn(text(request.urn));
      message.setProperties(wired(map(request.properties)));
      message.setPreview(request.preview === true);
      return message;
    },
    decode: (response: InstanceType<typeof proto.CreateResponse>) => ({
      id: response.getId(),
      properties: plain(response.getProperties()),
    }),
  },
  Update: {
    encode: (request) => {
      const message = new proto.UpdateRequest();
      message.setId(text(request.id));
      message.setUrn(text(request.urn));
      message.setOlds(wired(map(request.olds)));
      message.setNews(wired(map(request.news)));
      message.setOldInputs(wired(map(request.oldInputs)));
      message.setPreview(request.preview === true);
      return message;
    },
    decode: (response: InstanceType<typeof proto.UpdateResponse>) => ({ properties: plain(response.getProperties()) }),
  },
};

/** protobuf's JSON leaves out what is zero. */
function withoutZeros(answer: Answer): Answer {
  const kept = Object.entries(answer).filter(([, value]) => {
    if (value === "" || value === false || value === 0) return false;
    return typeof value !== "object" || value === null || Object.keys(value).length > 0;
  });
  return Object.fromEntries(kept);
}
