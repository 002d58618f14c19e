/** What is told of findings, with a signer that answers over TLS, and a volume that outlives the process. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { redact } from "../../../custody/redact.ts";
import type { SiteSecrets } from "../../../custody/types.ts";
import { systemClock } from "../../../io/clock.ts";
import { createLogger } from "../../../io/log.ts";
import { type Answer, ask } from "../../signer/ask.ts";
import { type FakeSite, fakeSite, siteSecrets } from "../jobs/testing/site.ts";
import { type OpsService, startOps } from "../service.ts";
import { parseFinding, type ToldFinding } from "./told.ts";

const told: ToldFinding = {
  id: "finding-1764382000000",
  finding: "bak.restorable/newest-drill-passed",
  word: "belum-sesuai",
  by: "kepala-infrastruktur",
  note: "cakram diganti",
  at: "2026-03-02T07:00:00+07:00",
  requestedBy: { name: "contoh", host: "meja" },
};

describe("what is told", () => {
  test("is taken as it is", () => expect(parseFinding(JSON.stringify(told))).toEqual(told));
  test("every mistake is named with its path", () => {
    const wrong = {
      ...told,
      id: "../x",
      finding: "x",
      word: "Sesuai!",
      by: "",
      note: "",
      at: "soon",
      requestedBy: null,
    };
    expect(parseFinding(JSON.stringify(wrong))).toEqual([
      'id: expected letters, digits and hyphens, 56 at most, received "../x"',
      'finding: expected <duty>/<what>, 200 at most, received "x"',
      'word: expected lower case letters and hyphens, received "Sesuai!"',
      'by: expected the id of a role, received ""',
      'note: expected a text, 4000 characters at most, received ""',
      'at: expected a time in ISO 8601, received "soon"',
      "requestedBy.name: expected a text, received nothing",
      "requestedBy.host: expected a text, received nothing",
    ]);
  });
  test("what is missing is no word, whatever its name reads as", () => {
    const { id: _, word: __, by: ___, ...rest } = told;
    expect(parseFinding(JSON.stringify(rest))).toEqual([
      "id: expected letters, digits and hyphens, 56 at most, received nothing",
      "word: expected lower case letters and hyphens, received nothing",
      "by: expected the id of a role, received nothing",
    ]);
  });
});

describe("ops", () => {
  let secrets: SiteSecrets;
  let site: FakeSite;
  let folder: string;
  let service: OpsService;

  beforeAll(async () => {
    secrets = await siteSecrets();
  });
  beforeEach(async () => {
    site = await fakeSite(secrets);
    folder = await mkdtemp(join(tmpdir(), "ops-findings-"));
    service = await start();
  });
  afterEach(async () => {
    await service.close();
    site.close();
    await rm(folder, { recursive: true, force: true });
  });

  const log = createLogger({ name: "ops", redact, destination: { write: () => {} } });
  const start = () => startOps(site.files, { clock: systemClock, log, address: "127.0.0.1", data: folder });

  const tell = (body: string): Promise<Answer> => {
    const { name } = site.files.config;
    return ask(
      { address: "127.0.0.1", port: service.port, name, tls: site.files.tls, timeoutSeconds: 60 },
      "POST",
      "/findings",
      Buffer.from(body),
    );
  };

  test("has it signed as a statement about the finding", async () => {
    expect(await tell(JSON.stringify(told))).toEqual({
      status: 201,
      text: '{"id":"dc-x/1","waits":false,"why":null}',
    });
    expect(site.signer.signed).toMatchObject([
      {
        kind: "follow-up",
        subject: [{ name: told.finding }],
        observedAt: "2026-03-02T00:00:00.000Z",
        observed: {
          finding: told.finding,
          word: "belum-sesuai",
          by: told.by,
          note: told.note,
          requestedBy: { host: "meja" },
        },
      },
    ]);
  });

  test("keeps it on the volume while the signer is away, also over a restart", async () => {
    site.signer.fake.away = true;
    const { status, text } = await tell(JSON.stringify(told));
    expect([status, JSON.parse(text)]).toMatchObject([201, { id: null, waits: true }]);
    expect(await readdir(join(folder, "findings", "waiting"))).toEqual([`0000000001-${told.id}.json`]);
    await service.close();
    site.signer.fake.away = false;
    service = await start();
    await expect.poll(() => site.signer.signed.map(({ kind }) => kind)).toEqual(["follow-up"]);
  });

  test("refuses what is wrong, with all of it", async () => {
    expect(await tell("{}")).toMatchObject({ status: 400, text: expect.stringContaining("note: expected") });
    expect(site.signer.signed).toEqual([]);
  });
});
