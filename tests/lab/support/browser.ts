import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";

export interface Visited {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
}

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface Visit {
  readonly method?: "GET" | "POST" | "OPTIONS";
  readonly headers?: Readonly<Record<string, string>>;
  /** A form: URL-encoded, or in parts where there is a file. */
  readonly form?: Readonly<Record<string, string>>;
  readonly file?: UploadedFile;
  readonly json?: unknown;
}

/** Somebody at a browser: keeps cookies, sends what browsers send, and remembers every answer's status. Follows no redirect. */
export class Browser {
  private readonly cookies = new Map<string, string>();
  readonly visits: { readonly what: string; readonly status: number; readonly refused: boolean }[] = [];

  private readonly target: { readonly address: string; readonly host: string; readonly ca: string };

  constructor(target: Browser["target"]) {
    this.target = target;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Visited> {
    return this.visit(path, { headers });
  }

  post(path: string, form: Readonly<Record<string, string>>, file?: UploadedFile): Promise<Visited> {
    return this.visit(path, { method: "POST", form, ...(file ? { file } : {}) });
  }

  async visit(path: string, { method = "GET", headers = {}, form, file, json }: Visit): Promise<Visited> {
    const { address, host, ca } = this.target;
    const body = bodyOf(form, file, json);
    const asked = request({
      host: address,
      port: 443,
      servername: host,
      ca,
      path,
      method,
      agent: false,
      headers: {
        host,
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "accept-language": "id,en-US;q=0.7,en;q=0.3",
        ...(this.cookies.size > 0
          ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") }
          : {}),
        ...(method === "POST" ? { origin: `https://${host}`, referer: `https://${host}/` } : {}),
        ...(body ? { "content-type": body.type, "content-length": body.content.byteLength } : {}),
        ...headers,
      },
      signal: AbortSignal.timeout(60_000),
    });
    asked.end(body?.content);
    const [response] = await once(asked, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    this.keep(response.headers["set-cookie"] ?? []);
    const text = bytes.toString("utf8");
    const refused = response.statusCode === 403 && text.includes("Nomor permintaan: ");
    this.visits.push({ what: `${method} ${path.slice(0, 120)}`, status: response.statusCode, refused });
    return { status: response.statusCode, headers: response.headers, body: text, bytes };
  }

  private keep(set: readonly string[]): void {
    for (const line of set) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at);
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line) || pair.endsWith("=deleted")) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(at + 1));
    }
  }
}

function bodyOf(
  form: Visit["form"],
  file: UploadedFile | undefined,
  json: unknown,
): { readonly type: string; readonly content: Buffer } | undefined {
  if (json !== undefined) return { type: "application/json", content: Buffer.from(JSON.stringify(json)) };
  if (!file)
    return (
      form && { type: "application/x-www-form-urlencoded", content: Buffer.from(new URLSearchParams(form).toString()) }
    );
  const boundary = `----geckoformboundary${randomUUID().replaceAll("-", "")}`;
  const parts = Object.entries(form ?? {}).map(([name, value]) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  const content = Buffer.concat([...parts, Buffer.from(head), file.content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, content };
}
