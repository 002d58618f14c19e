/** The object store's image without the lab around it: two stores, a gateway that says what it is told, and bad luck. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureImages } from "../../io/images.ts";
import { objectKeysOf } from "../../model/object-keys.ts";
import { eventually } from "./support/eventually.ts";
import { askStore, clientOf, history, identityOf, put, reach, read, storeAt } from "./support/objects.ts";
import { letThrough, moment, retention } from "./support/objects-refused.ts";
import * as stand from "./support/objects-stand.ts";

/** The copier's door, and S3. */
const OPEN = [8010, 8333];
const DAY = 86_400_000;
const MIB = 1024 * 1024;
const BUCKETS = [
  { id: "bukti", lockDays: 2, rpoSeconds: 15 },
  { id: "data-terbuka", rpoSeconds: 15 },
];
let two: stand.Stand;

beforeAll(async () => {
  const { objects } = await ensureImages(["objects"], { progress: ({ text }) => process.stderr.write(`${text.en}\n`) });
  const model = await stand.standModel(BUCKETS);
  two = { model, secrets: await stand.standSecrets(model), image: objects ?? "", generation: 0 };
  stand.raise(two);
  stand.role("dc", "active");
  stand.role("drc", "standby");
  stand.start(two, "dc");
  stand.start(two, "drc");
}, 600_000);
afterAll(() => stand.fell());

const at = (site: string) => storeAt(stand.siteIn(two, site), stand.secretsIn(two, site));
const as = (site: string, use: string, epoch = 1) =>
  clientOf(at(site), identityOf(stand.secretsIn(two, site), use, epoch));
const copied = (bucket: string, object: string, wanted: readonly string[]) =>
  eventually(`${bucket}/${object} at drc`, 30, async () => {
    const got = await history(as("drc", `${bucket}/read`), bucket, object);
    expect(got).toEqual(wanted);
    return got;
  });

describe("founding", () => {
  it("waits for the permit at the primary, and says so", async () => {
    expect(await stand.untilHealth("dc", /wait-permit/)).toContain("lumbung found");
    stand.give(two, "dc", "found");
    expect(await stand.untilHealth("dc", /^active, epoch 1, 2 buckets/)).not.toContain("not declared");
    await stand.untilHealth("drc", /^standby, epoch 1, 2 buckets.*copies from dc/);
  });
});

describe("a locked version", () => {
  const object = "laporan/2026 é+&.txt";
  let version = "";
  it("stays readable after overwrite and delete by its writer", async () => {
    const writer = as("dc", "bukti/write");
    version = await put(writer, "bukti", object, "pertama", { "content-type": "text/plain", "x-amz-meta-oleh": "uji" });
    await put(writer, "bukti", object, "kedua");
    expect((await askStore(writer, { method: "DELETE", bucket: "bukti", object })).code).toBe("OK");
    expect(await read(writer, "bukti", object)).toBe("NoSuchKey");
    expect(await read(as("dc", "bukti/read"), "bukti", object, version)).toBe("pertama");
  });

  it("is not removed, weakened or bypassed by its writer, in any of the ways of the table", async () => {
    const writer = as("dc", "bukti/write");
    const head = await askStore(writer, { method: "HEAD", bucket: "bukti", object, query: `versionId=${version}` });
    const until = new Date(String(head.headers["x-amz-object-lock-retain-until-date"]));
    expect(until.getTime()).toBeGreaterThan(Date.now() + 2 * DAY - 60_000);
    expect(await letThrough(writer, { bucket: "bukti", object, version, until, other: "data-terbuka" })).toEqual([]);
    const after = await askStore(writer, { method: "HEAD", bucket: "bukti", object, query: `versionId=${version}` });
    expect(after.headers).toMatchObject({
      "x-amz-object-lock-mode": "COMPLIANCE",
      "x-amz-object-lock-retain-until-date": moment(until),
    });
    expect(await read(writer, "bukti", object, version)).toBe("pertama");
  });

  it("is not removed by the store's administrator either", () => {
    const script = `import sys; sys.path.insert(0, "/usr/local/lib/lumbung/objects")
from apply import administrator
from s3 import Refused
try: administrator().call("DELETE", "/bukti/" + sys.argv[1], [("versionId", sys.argv[2])], {"x-amz-bypass-governance-retention": "true"})
except Refused as error: print(error.code)`;
    expect(stand.inStore("dc", ["python3", "-B", "-c", script, object, version]).said).toBe("AccessDenied");
  });

  /** Headers of the first version at the other site. */
  const firstCopy = async () => {
    const reader = as("drc", "bukti/read");
    const { body } = await askStore(reader, { method: "GET", bucket: "bukti", query: "versions" });
    const first = [...body.matchAll(/<Version>.*?<VersionId>(.*?)<\/VersionId>/gs)].at(-1)?.[1];
    const query = `versionId=${first}`;
    return (await askStore(reader, { method: "HEAD", bucket: "bukti", object, query })).headers;
  };

  it("is copied with its type, its metadata and its lock", async () => {
    await copied("bukti", object, ["pertama", "kedua", "-"]);
    const reader = as("dc", "bukti/read");
    const query = `versionId=${version}`;
    const here = (await askStore(reader, { method: "HEAD", bucket: "bukti", object, query })).headers;
    const lock = "x-amz-object-lock-retain-until-date";
    const wanted = { "content-type": "text/plain", "x-amz-meta-oleh": "uji", "x-amz-object-lock-mode": "COMPLIANCE" };
    expect(await firstCopy()).toMatchObject({ ...wanted, [lock]: here[lock] });
  });

  it("can be locked for longer, and the copy follows", async () => {
    const later = new Date(Date.now() + 9 * DAY);
    const longer = { method: "PUT", bucket: "bukti", object, query: `retention&versionId=${version}` };
    const answer = await askStore(as("dc", "bukti/write"), { ...longer, body: retention(later) });
    expect(answer).toMatchObject({ code: "OK" });
    await eventually("the longer lock at drc", 120, async () => {
      expect((await firstCopy())["x-amz-object-lock-retain-until-date"]).toBe(moment(later));
      return true;
    });
  });
});

describe("identities", () => {
  it("reading is only reading", async () => {
    const reader = as("dc", "bukti/read");
    for (const asked of [
      { method: "PUT", bucket: "bukti", object: "x", body: "x" },
      { method: "DELETE", bucket: "bukti", object: "x" },
      { method: "POST", bucket: "bukti", object: "x", query: "uploads" },
      { method: "GET", bucket: "data-terbuka", query: "list-type=2" },
    ])
      expect((await askStore(reader, asked)).code, JSON.stringify(asked)).toBe("AccessDenied");
  });

  it("the administrator's key, an unknown key and no key are refused over the network", async () => {
    const list = { method: "GET", bucket: "bukti", query: "list-type=2" };
    expect((await askStore(as("dc", "admin"), list)).code).toBe("InvalidAccessKeyId");
    const unknown = { accessKey: "AKIDUNKNOWN", secretKey: "x".repeat(40) };
    expect((await askStore(clientOf(at("dc"), unknown), list)).code).toBe("InvalidAccessKeyId");
    const wrong = { ...identityOf(stand.secretsIn(two, "dc"), "bukti/read"), secretKey: "x".repeat(40) };
    expect((await askStore(clientOf(at("dc"), wrong), list)).code).toBe("SignatureDoesNotMatch");
    expect((await askStore(clientOf(at("dc"), { accessKey: "", secretKey: "" }), list)).code).toBe("AccessDenied");
  });

  it("the copier's key needs the other site's certificate, only reads, and only from an active site", async () => {
    const reader = stand.secretsIn(two, "dc").objectReaders.dc;
    const list = { method: "GET", bucket: "bukti", query: "versions" };
    if (!reader) throw new Error("no copier's identity");
    const copier = objectKeysOf(reader.secret, 1);
    expect((await askStore(clientOf(at("dc"), copier), list)).code).toBe("AccessDenied");
    const leaf = stand.secretsIn(two, "drc").certificates.objects;
    const other = stand.secretsIn(two, "drc").certificates.web;
    const shown = (one: typeof leaf) => ({ client: { cert: one?.chain ?? "", key: one?.key ?? "" } });
    expect((await askStore(clientOf(at("dc"), copier, shown(other)), list)).code).toBe("AccessDenied");
    const peer = clientOf(at("dc"), copier, shown(leaf));
    expect((await askStore(peer, list)).code).toBe("OK");
    expect((await askStore(peer, { method: "PUT", bucket: "bukti", object: "x", body: "x" })).code).toBe(
      "AccessDenied",
    );
    stand.role("dc", "standby");
    await eventually("refusal by a standby", 10, async () => {
      expect((await askStore(peer, list)).message).toContain("not active");
      return true;
    });
    const [line] = [await stand.untilHealth("drc", /dc is standby too: nobody copies/, 40)];
    expect(line).toContain("promised");
    stand.role("dc", "active");
    await stand.untilHealth("drc", /^standby/);
  });

  it("a site that is active, or does not know, copies from nowhere", async () => {
    for (const [says, told] of [
      ["active", "this site is active"],
      ["?", "this site is unknown"],
    ] as const) {
      stand.role("drc", says);
      const idle = () => stand.inStore("drc", ["cat", "/run/lumbung/keeper.json"]).said;
      await eventually(told, 30, async () => {
        expect(idle()).toContain(`${told}: it copies from nowhere`);
        return true;
      });
      const object = `tidak/${told}`;
      await put(as("dc", "bukti/write"), "bukti", object, "x");
      // Longer than two rounds would take.
      const deadline = performance.now() + 13_000;
      while (performance.now() < deadline) {
        expect(await history(as("drc", "bukti/read"), "bukti", object)).toEqual([]);
        await pause(1000);
      }
      expect(stand.health("drc")).toMatchObject(
        says === "?" ? { code: 1, said: expect.stringContaining("role unknown") } : {},
      );
      stand.role("drc", "standby");
      await copied("bukti", object, ["x"]);
    }
  }, 120_000);

  it("several objects are deleted at once, plainly", async () => {
    const writer = as("dc", "data-terbuka/write");
    for (const object of ["a", "b"]) await put(writer, "data-terbuka", object, object);
    await writer.removeObjects("data-terbuka", ["a", "b"]);
    expect(await history(writer, "data-terbuka", "a")).toEqual(["a", "-"]);
    await copied("data-terbuka", "b", ["b", "-"]);
  });
});

describe("ports", () => {
  it("only the S3 port and the copier's door listen on the network, and no other that the engine has can be reached", async () => {
    const script = `for line in open("/proc/net/tcp").readlines()[1:] + open("/proc/net/tcp6").readlines()[1:]:
  words = line.split()
  if words[3] == "0A": print(words[1])`;
    const listening = stand
      .inStore("dc", ["python3", "-c", script])
      .said.split("\n")
      .map((one) => one.split(":"));
    const open = listening.filter(([address]) => !/^(0100007F|0B00007F|0{24}0100007F|0{31}1)$/.test(address ?? ""));
    expect(open.map(([, port]) => Number.parseInt(port ?? "", 16)).sort()).toEqual(OPEN);
    const ports = [...new Set(listening.map(([, port]) => Number.parseInt(port ?? "", 16)))];
    expect(ports.length).toBeGreaterThan(7);
    const wanted = [
      ...OPEN,
      ...ports.filter((port) => !OPEN.includes(port)),
      8888,
      18888,
      9333,
      19333,
      8080,
      18080,
      8334,
      9327,
      23646,
    ];
    const { address } = at("dc");
    for (const port of wanted)
      expect(`${port} ${await reach(address, port)}`).toBe(`${port} ${OPEN.includes(port) ? "open" : "ECONNREFUSED"}`);
    const dial = `import socket, sys
for port in sys.argv[2:]:
  try: socket.create_connection((sys.argv[1], int(port)), 3); print(port)
  except ConnectionRefusedError: pass`;
    const backbone = stand.siteIn(two, "dc").workloads.find(({ kind }) => kind === "objects")?.backboneAddress ?? "";
    expect(stand.inStore("drc", ["python3", "-c", dial, backbone, ...wanted.map(String)])).toEqual({
      code: 0,
      said: OPEN.join("\n"),
    });
  });
});

describe("changes without an outage", () => {
  // More than one part: what goes on is an upload of several requests.
  const large = Buffer.alloc(72 * MIB, "lumbung ");
  it("a key that is changed counts beside the new one until that is over; then it is refused, and the uploads of others go on", async () => {
    const old = as("dc", "data-terbuka/write");
    await put(old, "data-terbuka", "sebelum", "x");
    const upload = as("dc", "bukti/write").putObject("bukti", "besar", large);
    const revoked = (what: string) => what === "object-identity:dc/data-terbuka/write";
    two.secrets = await stand.standSecrets(two.model, two.secrets, { renew: revoked });
    stand.deliver(two, "dc", "objects");
    await eventually("the new key", 20, () => put(as("dc", "data-terbuka/write"), "data-terbuka", "sesudah", "x"));
    await put(old, "data-terbuka", "selagi", "x");
    two.secrets = await stand.standSecrets(two.model, two.secrets, { settle: revoked });
    stand.deliver(two, "dc", "objects");
    await eventually("refusal of the revoked key", 20, async () => {
      const { code } = await askStore(old, { method: "PUT", bucket: "data-terbuka", object: "sesudah", body: "x" });
      expect(code).toBe("InvalidAccessKeyId");
      return true;
    });
    await put(as("dc", "data-terbuka/write"), "data-terbuka", "sesudah", "x");
    await upload;
    const sha = createHash("sha256");
    for await (const piece of await as("dc", "bukti/read").getObject("bukti", "besar")) sha.update(piece as Buffer);
    expect(sha.digest("hex")).toBe(createHash("sha256").update(large).digest("hex"));
  }, 120_000);

  it("more large uploads than its memory holds at once wait for their turn", async () => {
    const started = () =>
      stand.docker(["inspect", "-f", "{{.State.StartedAt}} {{.State.OOMKilled}}", stand.nameOf("dc")]);
    const before = started();
    const writer = as("dc", "data-terbuka/write");
    const names = ["a", "b", "c", "d", "e", "f"].map((name) => `banyak/${name}`);
    await Promise.all(names.map((name) => writer.putObject("data-terbuka", name, Buffer.alloc(60 * MIB, name))));
    for (const name of names) expect((await writer.statObject("data-terbuka", name)).size).toBe(60 * MIB);
    expect(started()).toBe(before);
    expect(before).toContain("false");
  }, 300_000);

  it("a new certificate is taken up without a refused request", async () => {
    const client = as("dc", "bukti/read");
    const asked: string[] = [];
    let done = false;
    const asking = (async () => {
      while (!done)
        asked.push(
          await read(clientOf(at("dc"), identityOf(stand.secretsIn(two, "dc"), "bukti/read")), "bukti", "tiada"),
        );
    })();
    two.secrets = await stand.standSecrets(two.model, two.secrets, {
      renew: (what) => what === "certificate:dc/objects",
    });
    const before = asked.length;
    stand.deliver(two, "dc", "objects");
    await eventually("the new certificate", 30, async () => {
      const { said } = stand.inStore("dc", [
        "python3",
        "-c",
        "import hashlib, ssl, base64; pem = ssl.get_server_certificate(('127.0.0.1', 8333)); print(pem.split()[3])",
      ]);
      expect(stand.secretsIn(two, "dc").certificates.objects?.chain).toContain(said);
      return true;
    });
    await eventually("more requests", 10, async () => (asked.length > before + 20 ? true : undefined));
    done = true;
    await asking;
    expect(new Set(asked)).toEqual(new Set(["NoSuchKey"]));
    expect(await read(client, "bukti", "tiada")).toBe("NoSuchKey");
  });

  it("a switch of the epoch refuses the old keys at once, never goes back, and the copier follows", async () => {
    const before = as("dc", "bukti/write");
    const epoch = (number: string) => stand.inStore("dc", ["/usr/local/lib/lumbung/epoch", number]);
    expect(
      (await askStore(as("dc", "bukti/write", 2), { method: "GET", bucket: "bukti", query: "list-type=2" })).code,
    ).toBe("InvalidAccessKeyId");
    expect(epoch("2")).toEqual({ code: 0, said: "epoch 2 in force" });
    expect((await askStore(before, { method: "PUT", bucket: "bukti", object: "lama", body: "x" })).code).toBe(
      "InvalidAccessKeyId",
    );
    await put(as("dc", "bukti/write", 2), "bukti", "baru", "epoch 2");
    expect(epoch("1")).toMatchObject({ code: 1, said: expect.stringContaining("never goes back") });
    await copied("bukti", "baru", ["epoch 2"]);
    stand.docker(["restart", "-t", "30", stand.nameOf("dc")]);
    await stand.untilHealth("dc", /^active, epoch 2/);
    expect((await askStore(before, { method: "GET", bucket: "bukti", query: "list-type=2" })).code).toBe(
      "InvalidAccessKeyId",
    );
    expect(await read(as("dc", "bukti/read", 2), "bukti", "baru")).toBe("epoch 2");
  });

  it("a bucket that is no longer declared stays, named; a shorter lock leaves existing versions as they are", async () => {
    const { model } = two;
    two = { ...two, model: await stand.standModel([{ id: "bukti", lockDays: 1, rpoSeconds: 15 }]) };
    stand.deliver(two, "dc", "objects");
    expect(await stand.untilHealth("dc", /data-terbuka: not declared, kept/)).toMatch(/^active/);
    const reader = as("dc", "bukti/read", 2);
    const head = await askStore(reader, { method: "HEAD", bucket: "bukti", object: "baru" });
    expect(Date.parse(String(head.headers["x-amz-object-lock-retain-until-date"]))).toBeGreaterThan(
      Date.now() + 1.9 * DAY,
    );
    two = { ...two, model };
    stand.deliver(two, "dc", "objects");
    await stand.untilHealth("dc", /^active, epoch 2, 2 buckets(?!.*not declared)/);
  });
});

describe("bad luck", () => {
  it("a clock that is 20 minutes off is told, with what to do", () => {
    const script = `import sys; sys.path.insert(0, "/usr/local/lib/lumbung/objects")
from datetime import datetime, timedelta, timezone
from copier import Copier
from memory import Memory
from s3 import Failed
from settings import settings
clock = lambda: datetime.now(timezone.utc) + timedelta(minutes=20)
try: Copier(settings(), Memory("/tmp/other.sqlite"), clock=clock).round(settings()["buckets"][0])
except Failed as error: print(error)`;
    const { said } = stand.inStore("drc", ["python3", "-B", "-c", script]);
    expect(said).toMatch(/^dc refuses: the clocks differ by 1(19\d|20\d) s, at most 900 s are let through/);
  });

  it("a store that is down is told, and caught up with", async () => {
    stand.docker(["stop", "-t", "30", stand.nameOf("dc")]);
    expect(
      await stand.untilHealth(
        "drc",
        /copy is \d+ s old, at most 15 s are promised \(objects\.dc\.lab\.internal:8333/,
        60,
      ),
    ).toContain("standby");
    stand.docker(["start", stand.nameOf("dc")]);
    await stand.untilHealth("dc", /^active/);
    await put(as("dc", "bukti/write", 2), "bukti", "sesudah", "kembali");
    await copied2("sesudah", ["kembali"]);
    await stand.untilHealth("drc", /^standby/);
  });

  const copied2 = (object: string, wanted: readonly string[]) => copied("bukti", object, wanted);

  it("an engine that is killed comes back with everything that it acknowledged", async () => {
    const version = await put(as("dc", "bukti/write", 2), "bukti", "tiba-tiba", "diterima");
    stand.docker(["kill", stand.nameOf("dc")]);
    stand.docker(["start", stand.nameOf("dc")]);
    await stand.untilHealth("dc", /^active, epoch 2/);
    expect(await read(as("dc", "bukti/read", 2), "bukti", "tiba-tiba", version)).toBe("diterima");
  });

  it("roles change: what was written at either site is at both, once, in order", async () => {
    await put(as("dc", "bukti/write", 2), "bukti", "silsilah", "satu");
    await copied("bukti", "silsilah", ["satu"]);
    stand.role("dc", "standby");
    stand.role("drc", "active");
    expect(stand.inStore("drc", ["/usr/local/lib/lumbung/epoch", "2"])).toEqual({ code: 0, said: "epoch 2 in force" });
    const there = as("drc", "bukti/write", 2);
    await put(there, "bukti", "silsilah", "dua");
    expect((await askStore(there, { method: "DELETE", bucket: "bukti", object: "silsilah" })).code).toBe("OK");
    await eventually("failback's copy", 40, async () => {
      expect(await history(as("dc", "bukti/read", 2), "bukti", "silsilah")).toEqual(["satu", "dua", "-"]);
      return true;
    });
    await stand.untilHealth("dc", /^standby, epoch 2/);
    expect(await history(as("dc", "bukti/read", 2), "bukti", "besar")).toHaveLength(1);
  });

  it("an empty volume where data were is refused; a reseed fills it whole before it serves", async () => {
    const wanted = await history(as("dc", "bukti/read", 2), "bukti", "silsilah");
    stand.docker(["rm", "-f", stand.nameOf("dc")]);
    stand.docker(["volume", "rm", `${stand.nameOf("dc")}-data`]);
    stand.start(two, "dc");
    expect(await stand.untilHealth("dc", /refuse \[lost\]/)).toContain("lumbung reseed");
    stand.give(two, "dc", "reseed");
    await stand.untilHealth("dc", /^standby, epoch 1/);
    expect(await history(as("dc", "bukti/read"), "bukti", "silsilah")).toEqual(wanted);
    // The recovery site began with an empty copy; since that was whole once, an empty volume there is a loss too.
    stand.docker(["rm", "-f", stand.nameOf("drc")]);
    stand.docker(["volume", "rm", `${stand.nameOf("drc")}-data`]);
    stand.start(two, "drc");
    expect(await stand.untilHealth("drc", /refuse \[lost\]/)).toContain("lumbung reseed");
  });

  it("a full store refuses writes clearly, goes on reading, and takes writes again when there is room", async () => {
    stand.docker(["rm", "-f", stand.nameOf("dc")]);
    stand.docker(["volume", "rm", `${stand.nameOf("dc")}-identity`]);
    stand.role("drc", "standby");
    stand.role("dc", "active");
    stand.start(two, "dc", { dataBytes: 128 * MIB, permit: "found" });
    await stand.untilHealth("dc", /^active, epoch 1/);
    const writer = as("dc", "bukti/write");
    const version = await put(writer, "bukti", "tetap", "isi");
    const ballast = (script: string) => stand.inStore("dc", ["sh", "-c", script]);
    // To the last byte, as a disk that others fill.
    ballast("cat /dev/zero >/data/ballast");
    expect(await stand.untilHealth("dc", /the store is full: \d+ \w+ free/, 20)).toContain(
      "writes are refused until there is room",
    );
    const refused = await askStore(writer, { method: "PUT", bucket: "bukti", object: "tetap", body: "lain" });
    expect(refused).toMatchObject({
      code: "InsufficientStorage",
      message: expect.stringContaining("the store is full"),
    });
    const begun = await askStore(writer, { method: "POST", bucket: "bukti", object: "besar", query: "uploads" });
    expect(begun.code).toBe("InsufficientStorage");
    expect(await read(as("dc", "bukti/read"), "bukti", "tetap", version)).toBe("isi");
    ballast("rm /data/ballast");
    await stand.untilHealth("dc", /^active, epoch 1/, 90);
    await eventually("a write again", 90, () => put(writer, "bukti", "tetap", "lain"));
    expect(await history(as("dc", "bukti/read"), "bukti", "tetap")).toEqual(["isi", "lain"]);
  }, 300_000);
});
