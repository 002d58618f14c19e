/**
 * A small client of the Docker Engine API: what image builds and the command line need, no more.
 * Every method throws `DockerUnreachableError` when no engine answers and `DockerApiError` when it refuses.
 */
import { once } from "node:events";
import { type Duplex, type Readable, Stream } from "node:stream";
import {
  DockerApiError,
  type DockerEndpoint,
  type DockerRequest,
  describeEndpoint,
  hijack,
  parseDockerHost,
  readAll,
  readJsonLines,
  send,
} from "./docker-engine-transport.ts";
import type {
  ContainerInspect,
  ContainerSummary,
  EngineInfo,
  EngineProgress,
  ExecResult,
  ImageInspect,
  ImageSummary,
  NetworkSummary,
  VolumeSummary,
} from "./docker-engine-types.ts";
import { framesOf, linesOf } from "./docker-frames.ts";

export { DockerApiError, type DockerEndpoint, DockerUnreachableError } from "./docker-engine-transport.ts";
export * from "./docker-engine-types.ts";

export type LabelSelector = Readonly<Record<string, string>>;

export interface BuildOptions {
  readonly tag: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Network of the build's steps. Default `host`: the build sees the mirrors that the host sees. */
  readonly network?: string;
  readonly progress?: (step: EngineProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ExecOptions {
  readonly stdin?: string | Uint8Array | Readable;
  /** Default: the container's own user. */
  readonly user?: string;
  readonly signal?: AbortSignal;
}

/** How long an engine may take for what it answers at once, in milliseconds. */
const quickMilliseconds = 30_000;

export class DockerEngine {
  readonly endpoint: DockerEndpoint;

  constructor(endpoint: DockerEndpoint) {
    this.endpoint = endpoint;
  }

  /** The engine of a site: `host` in `DOCKER_HOST`'s notation; none means the environment's, then the local socket. */
  static at(host?: string, env: Readonly<Record<string, string | undefined>> = process.env): DockerEngine {
    return new DockerEngine(parseDockerHost(host, env));
  }

  describe(): string {
    return describeEndpoint(this.endpoint);
  }

  /** API version of the engine, for example `1.41`. */
  async ping(): Promise<string> {
    const response = await send(this.endpoint, { method: "GET", path: "/_ping", signal: AbortSignal.timeout(5_000) });
    await readAll(response);
    return String(response.headers["api-version"] ?? "");
  }

  info(): Promise<EngineInfo> {
    return this.#json<EngineInfo>({ method: "GET", path: "/info" });
  }

  /** The image, or nothing if the engine does not have it. */
  inspectImage(name: string): Promise<ImageInspect | undefined> {
    return this.#maybe<ImageInspect>({ method: "GET", path: `/images/${encodeURI(name)}/json` });
  }

  /** Images that carry all labels; `undefined` as a value: any value of that label. */
  listImages(labels: Readonly<Record<string, string | undefined>>): Promise<readonly ImageSummary[]> {
    return this.#json({ method: "GET", path: "/images/json", query: { filters: filters(labels) } });
  }

  /** Builds with the engine's classic builder; the tag is set only when every step has succeeded. Returns the image's id. */
  async buildImage(context: Uint8Array | Readable, options: BuildOptions): Promise<string> {
    const response = await send(this.endpoint, {
      method: "POST",
      path: "/build",
      query: {
        t: options.tag,
        version: "1",
        rm: "1",
        forcerm: "1",
        networkmode: options.network ?? "host",
        buildargs: JSON.stringify(options.buildArguments ?? {}),
        labels: JSON.stringify(options.labels ?? {}),
      },
      tar: context,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    let id: string | undefined;
    for await (const step of progressOf(response, options.progress)) id = step.aux?.ID ?? id;
    if (id === undefined) throw new Error(`build of ${options.tag}: the engine's answer ended without an image's id`);
    return id;
  }

  /** Makes an image of one layer from a root file system. Untagged; returns its id. */
  async importImage(tar: Readable, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
    const response = await send(this.endpoint, {
      method: "POST",
      path: "/images/create",
      query: { fromSrc: "-" },
      tar,
      ...options,
    });
    let id: string | undefined;
    for await (const step of progressOf(response)) if (step.status?.startsWith("sha256:")) id = step.status;
    if (id === undefined) throw new Error("import of an image: the engine's answer ended without an image's id");
    return id;
  }

  /** Pulls an image; `progress` hears every step, so that the caller can give up on one that stalls. */
  async pullImage(
    repository: string,
    tag: string,
    options: { readonly progress?: (step: EngineProgress) => void; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const response = await send(this.endpoint, {
      method: "POST",
      path: "/images/create",
      query: { fromImage: repository, tag },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    for await (const _step of progressOf(response, options.progress));
  }

  async tagImage(id: string, repository: string, tag: string): Promise<void> {
    await this.#done({ method: "POST", path: `/images/${encodeURI(id)}/tag`, query: { repo: repository, tag } });
  }

  /** Removes an image's name, and the image if it was the last. No image of that name is no error. */
  async removeImage(name: string): Promise<void> {
    await this.#gone({ method: "DELETE", path: `/images/${encodeURI(name)}` });
  }

  inspectContainer(name: string): Promise<ContainerInspect | undefined> {
    return this.#maybe<ContainerInspect>({ method: "GET", path: `/containers/${encodeURIComponent(name)}/json` });
  }

  /** Containers that carry all labels, stopped ones as well. */
  listContainers(labels: LabelSelector): Promise<readonly ContainerSummary[]> {
    return this.#json({ method: "GET", path: "/containers/json", query: { all: "1", filters: filters(labels) } });
  }

  /** Runs `argv` in a running container, with `stdin` if given, and waits for its end. */
  async exec(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const { id, socket } = await this.#start(container, argv, options);
    // Without stdin the engine attached none; the half-close tells the command that nothing more comes.
    const { stdin } = options;
    const fed = stdin instanceof Stream ? feed(stdin, socket) : void socket.end(stdin);
    const said: { 1: Buffer[]; 2: Buffer[] } = { 1: [], 2: [] };
    const heard = async (): Promise<void> => {
      for await (const { stream, body } of framesOf(socket)) if (stream === 1 || stream === 2) said[stream].push(body);
    };
    await Promise.all([heard(), fed]);
    const [stdout, stderr] = [said[1], said[2]].map((parts) => Buffer.concat(parts).toString("utf8"));
    return { code: await this.#exitCode(container, argv, id), stdout: stdout ?? "", stderr: stderr ?? "" };
  }

  /**
   * The lines that `argv` writes to standard output, as they come: however many there are, they need not fit into memory.
   * @throws Error with what it said on standard error where its exit code is not 0; by then its lines were yielded.
   */
  async *execLines(container: string, argv: readonly string[]): AsyncGenerator<string, void, void> {
    const { id, socket } = await this.#start(container, argv, {});
    socket.end();
    const wrong: Buffer[] = [];
    async function* written(): AsyncGenerator<Buffer> {
      for await (const { stream, body } of framesOf(socket)) {
        if (stream === 1) yield body;
        else wrong.push(body);
      }
    }
    yield* linesOf(written());
    const code = await this.#exitCode(container, argv, id);
    if (code !== 0) throw new Error(Buffer.concat(wrong).toString("utf8").trim() || `exit code ${code}`);
  }

  async #start(
    container: string,
    argv: readonly string[],
    options: ExecOptions,
  ): Promise<{ readonly id: string; readonly socket: Duplex }> {
    const { Id: id } = await this.#json<{ Id: string }>({
      method: "POST",
      path: `/containers/${encodeURIComponent(container)}/exec`,
      json: {
        Cmd: argv,
        AttachStdin: options.stdin !== undefined,
        AttachStdout: true,
        AttachStderr: true,
        Tty: false,
        ...(options.user ? { User: options.user } : {}),
      },
    });
    const { socket, head } = await hijack(this.endpoint, {
      method: "POST",
      path: `/exec/${id}/start`,
      json: { Detach: false, Tty: false },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (head.length > 0) socket.unshift(head);
    return { id, socket };
  }

  async #exitCode(container: string, argv: readonly string[], id: string): Promise<number> {
    const ended = await this.#json<{ ExitCode: number | null; Running: boolean }>({
      method: "GET",
      path: `/exec/${id}/json`,
    });
    if (ended.Running || ended.ExitCode === null) {
      throw new Error(`exec in ${container}: the connection to ${argv[0]} broke before it ended`);
    }
    return ended.ExitCode;
  }

  /** A file or folder of a container as a tar whose entries begin with its last name. */
  getArchive(container: string, path: string): Promise<Readable> {
    const query = { path };
    return send(this.endpoint, { method: "GET", path: `/containers/${encodeURIComponent(container)}/archive`, query });
  }

  /** Stops a container, which stays; after `stopSeconds` it is killed. Stopping a stopped one is no error. */
  async stopContainer(name: string, stopSeconds = 10): Promise<void> {
    await this.#done({
      method: "POST",
      path: `/containers/${encodeURIComponent(name)}/stop`,
      query: { t: String(stopSeconds) },
    });
  }

  /** Starts a container that was stopped. Starting a running one is no error. */
  async startContainer(name: string): Promise<void> {
    await this.#done({ method: "POST", path: `/containers/${encodeURIComponent(name)}/start` });
  }

  /** Restarts a container; after `stopSeconds` it is killed. */
  async restartContainer(name: string, stopSeconds = 10): Promise<void> {
    await this.#done({
      method: "POST",
      path: `/containers/${encodeURIComponent(name)}/restart`,
      query: { t: String(stopSeconds) },
      signal: AbortSignal.timeout((stopSeconds + 60) * 1000),
    });
  }

  /** Removes a container, running or not, with its anonymous volumes. No container of that name is no error. */
  async removeContainer(name: string): Promise<void> {
    const query = { force: "1", v: "1" };
    await this.#gone({ method: "DELETE", path: `/containers/${encodeURIComponent(name)}`, query });
  }

  async listVolumes(labels: LabelSelector): Promise<readonly VolumeSummary[]> {
    const answer = await this.#json<{ Volumes: readonly VolumeSummary[] | null }>({
      method: "GET",
      path: "/volumes",
      query: { filters: filters(labels) },
    });
    return answer.Volumes ?? [];
  }

  inspectVolume(name: string): Promise<VolumeSummary | undefined> {
    return this.#maybe<VolumeSummary>({ method: "GET", path: `/volumes/${encodeURIComponent(name)}` });
  }

  async removeVolume(name: string): Promise<void> {
    await this.#gone({ method: "DELETE", path: `/volumes/${encodeURIComponent(name)}` });
  }

  listNetworks(labels: LabelSelector = {}): Promise<readonly NetworkSummary[]> {
    return this.#json({ method: "GET", path: "/networks", query: { filters: filters(labels) } });
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#gone({ method: "DELETE", path: `/networks/${encodeURIComponent(name)}` });
  }

  async #json<T>(request: DockerRequest): Promise<T> {
    const response = await send(this.endpoint, { signal: AbortSignal.timeout(quickMilliseconds), ...request });
    return JSON.parse((await readAll(response)).toString("utf8")) as T;
  }

  async #done(request: DockerRequest): Promise<void> {
    await readAll(await send(this.endpoint, { signal: AbortSignal.timeout(quickMilliseconds), ...request }));
  }

  async #maybe<T>(request: DockerRequest): Promise<T | undefined> {
    try {
      return await this.#json<T>(request);
    } catch (error) {
      if (error instanceof DockerApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #gone(request: DockerRequest): Promise<void> {
    try {
      await this.#done(request);
    } catch (error) {
      if (!(error instanceof DockerApiError && error.status === 404)) throw error;
    }
  }
}

/** Label filters as the engine wants them. */
export function filters(labels: Readonly<Record<string, string | undefined>>): string | undefined {
  const pairs = Object.entries(labels).map(([key, value]) => (value === undefined ? key : `${key}=${value}`));
  return pairs.length === 0 ? undefined : JSON.stringify({ label: pairs });
}

async function* progressOf(
  stream: Readable,
  hear?: (step: EngineProgress) => void,
): AsyncGenerator<EngineProgress, void, void> {
  for await (const line of readJsonLines(stream)) {
    const step = line as EngineProgress;
    hear?.(step);
    if (step.error !== undefined) throw new DockerApiError(step.error, 500);
    yield step;
  }
}

/** Its end is the half-close. A command that ends before it has read everything has its reasons, which its exit code tells. */
async function feed(stdin: Readable, socket: Duplex): Promise<void> {
  try {
    for await (const chunk of stdin) {
      if (socket.destroyed || !socket.writable) return;
      if (!socket.write(chunk)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    }
    socket.end();
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
