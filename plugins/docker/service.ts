/** The provider as a gRPC service (pulumirpc.ResourceProvider). */
import {
  type handleUnaryCall,
  Metadata,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty, { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import type { ChangeKind, Difference } from "./diff.ts";
import { messageOf } from "./errors.ts";
import type { Autonaming } from "./naming.ts";
import type { Failure } from "./property.ts";
import type { Provider } from "./provider.ts";
import type { Made } from "./resource.ts";
import { VERSION } from "./version.ts";
import { plain, wired } from "./wire.ts";

/** An error that carries a finished gRPC answer. */
class InitFailed extends Error {
  readonly made: Made;
  constructor(made: Made) {
    super(made.notReady ?? "");
    this.made = made;
  }
}

/** Every method that the engine may call. `ended` is called once a cancellation is through. */
export function serviceOf(provider: Provider, ended: () => void): UntypedServiceImplementation {
  return {
    getPluginInfo: answer<Empty, unknown>(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(VERSION);
      return info;
    }),
    getSchema: answer<rpc.GetSchemaRequest, unknown>(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(
        JSON.stringify({
          name: "docker",
          version: VERSION,
          description: "Lumbung's own docker plugin: Network, Volume and Container of @pulumi/docker",
        }),
      );
      return response;
    }),
    checkConfig: answer<rpc.CheckRequest, unknown>((request) => {
      const news = plain(request.getNews());
      return checkResponse(news, provider.checkConfig(news));
    }),
    diffConfig: answer<rpc.DiffRequest, unknown>((request) =>
      diffConfigResponse(provider.diffConfig(plain(request.getOlds()), plain(request.getNews()))),
    ),
    configure: answer<rpc.ConfigureRequest, unknown>((request) => {
      provider.configure(plain(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    check: answer<rpc.CheckRequest, unknown>((request) => {
      const autonaming = autonamingOf(request);
      const { inputs, failures } = provider.check({
        urn: request.getUrn(),
        olds: plain(request.getOlds()),
        news: plain(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
        ...(autonaming ? { autonaming } : {}),
      });
      return checkResponse(inputs, failures);
    }),
    diff: answer<rpc.DiffRequest, unknown>((request) =>
      diffResponse(
        provider.diff({
          urn: request.getUrn(),
          olds: plain(request.getOlds()),
          news: plain(request.getNews()),
          oldInputs: plain(request.getOldInputs()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    create: answer<rpc.CreateRequest, unknown>(async (request) => {
      const made = await provider.create({
        urn: request.getUrn(),
        id: "",
        olds: {},
        news: plain(request.getProperties()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      });
      if (made.notReady) throw new InitFailed(made);
      const response = new proto.CreateResponse();
      response.setId(made.id);
      response.setProperties(wired(made.outputs));
      return response;
    }),
    read: answer<rpc.ReadRequest, unknown>(async (request) => {
      const found = await provider.read({
        urn: request.getUrn(),
        id: request.getId(),
        olds: plain(request.getProperties()),
        news: plain(request.getInputs()),
        timeoutSeconds: request.getTimeout(),
      });
      const response = new proto.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setProperties(wired(found.outputs));
      response.setInputs(wired(found.inputs));
      return response;
    }),
    update: answer<rpc.UpdateRequest, unknown>(async (request) => {
      const made = await provider.update({
        urn: request.getUrn(),
        id: request.getId(),
        olds: plain(request.getOlds()),
        news: plain(request.getNews()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      });
      if (made.notReady) throw new InitFailed(made);
      const response = new proto.UpdateResponse();
      response.setProperties(wired(made.outputs));
      return response;
    }),
    delete: answer<rpc.DeleteRequest, unknown>(async (request) => {
      await provider.delete({
        urn: request.getUrn(),
        id: request.getId(),
        olds: plain(request.getProperties()),
        timeoutSeconds: request.getTimeout(),
      });
      return new empty.Empty();
    }),
    cancel: answer<Empty, unknown>(() => {
      void provider.cancel().then(ended);
      return new empty.Empty();
    }),
    attach: answer<unknown, unknown>(() => new empty.Empty()),
    invoke: refuse<rpc.InvokeRequest>((request) => `function ${request.getTok()}`),
    call: refuse<rpc.CallRequest>((request) => `method ${request.getTok()}`),
    construct: refuse<rpc.ConstructRequest>((request) => `component ${request.getType()}`),
    handshake: refuse(() => "Handshake"),
    parameterize: refuse(() => "Parameterize"),
    getMapping: refuse(() => "GetMapping"),
    getMappings: refuse(() => "GetMappings"),
  };
}

function answer<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    // In a promise, so that what is thrown at once is answered like what is thrown later.
    Promise.resolve(call.request)
      .then(work)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(errorOf(error)),
      );
  };
}

function refuse<Request>(name: (request: Request) => string): handleUnaryCall<Request, unknown> {
  return (call, callback) => {
    const message = `${name(call.request)} is not implemented: Lumbung's docker plugin serves the resources Network, Volume and Container only`;
    callback({ code: status.UNIMPLEMENTED, message });
  };
}

function errorOf(error: unknown): Partial<ServiceError> {
  const message = messageOf(error);
  const metadata = new Metadata();
  if (error instanceof InitFailed) metadata.add("grpc-status-details-bin", initFailed(error, message));
  return { code: status.UNKNOWN, message, details: message, metadata };
}

/** Tells the engine that the object exists: it goes into the state, and the next run updates it. */
function initFailed(error: InitFailed, message: string): Buffer {
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.made.id);
  detail.setProperties(wired(error.made.outputs));
  detail.setReasonsList([message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const response = new statuses.Status();
  response.setCode(status.UNKNOWN);
  response.setMessage(message);
  response.addDetails(packed);
  return Buffer.from(response.serializeBinary());
}

function autonamingOf(request: rpc.CheckRequest): Autonaming | undefined {
  const options = request.getAutonaming();
  if (!options) return undefined;
  const modes = proto.CheckRequest.AutonamingOptions.Mode;
  const mode =
    options.getMode() === modes.DISABLE ? "disable" : options.getMode() === modes.ENFORCE ? "enforce" : "propose";
  return { mode, proposed: options.getProposedName() };
}

function checkResponse(inputs: Parameters<typeof wired>[0], failures: readonly Failure[]): rpc.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(wired(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new proto.CheckFailure();
      // Given the property's name, the engine prints the property's whole value beside the reason, secrets in clear.
      failure.setProperty("");
      failure.setReason(`${property}${reason.startsWith("[") ? "" : ": "}${reason}`);
      return failure;
    }),
  );
  return response;
}

function diffConfigResponse(diffs: readonly string[]): rpc.DiffResponse {
  const response = new proto.DiffResponse();
  if (diffs.length === 0) return response;
  response.setChanges(proto.DiffResponse.DiffChanges.DIFF_SOME);
  response.setDiffsList([...diffs]);
  return response;
}

function diffResponse(difference: Difference): rpc.DiffResponse {
  const response = new proto.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  response.setChanges(difference.diffs.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setReplacesList([...difference.replaces]);
  response.setStablesList([...difference.stables]);
  response.setDiffsList([...difference.diffs]);
  response.setDeletebeforereplace(difference.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [path, kind] of Object.entries(difference.detailed)) {
    const property = new proto.PropertyDiff();
    property.setKind(proto.PropertyDiff.Kind[kind satisfies ChangeKind]);
    response.getDetaileddiffMap().set(path, property);
  }
  return response;
}
