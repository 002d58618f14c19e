/** An assessment at a site: from records that its signer gives a page at a time, once for each time that one is due. */
import { beforeAll, expect, test } from "vitest";
import { type Assessment, keptAssessment, type Previous } from "../../compliance/index.ts";
import { catalogue } from "../../compliance/testing/catalogue.ts";
import type { Observed } from "../../evidence/statement.ts";
import { MadeChain, newSite, observation, ringOf } from "../../evidence/testing/made.ts";
import { inventoryOf } from "../../model/testing/regions.ts";
import { checkStatement } from "../ops/checks/statement.ts";
import type { PeerSigner } from "../signer/exchange.ts";
import { assessNow } from "./assess-now.ts";
import type { Answer, Material, Question } from "./material.ts";
import { readRecords } from "./read-records.ts";

const NOW = new Date("2026-07-01T00:00:00Z");
const [dc, drc] = [newSite("dc"), newSite("drc")];
const question: Question = {
  kind: "report",
  due: "2026-06-30T22:00:00.000Z",
  from: "2025-12-31T22:00:00.000Z",
  commit: "5f5b72f",
};
let material: Omit<Material, "keys">;
beforeAll(async () => {
  material = { catalogue: catalogue(), inventory: inventoryOf("lab"), documents: {} };
});

/** Gives `limit` at most, as a signer does. */
const signerOf = (own: MadeChain, copy: MadeChain): Pick<PeerSigner, "heads" | "records"> => ({
  heads: async () => ({
    chains: [{ writer: dc.writer, sequence: own.records.length }],
    copies: [{ writer: drc.writer, sequence: copy.records.length }],
  }),
  records: async (writer, after, limit) =>
    (writer === dc.writer ? own : copy).records
      .slice(after, after + limit)
      .map(({ id, bytes }) => ({ id, content: Buffer.from(bytes).toString("base64") })),
});

async function assessed(own: MadeChain, copy: MadeChain, asked = question): Promise<Answer> {
  const evidence = await readRecords(
    signerOf(own, copy),
    { region: "lab", site: "dc", keys: ringOf(dc, drc), now: NOW },
    2,
  );
  expect(evidence).toMatchObject({ verified: own.records.length + copy.records.length, broken: [] });
  return assessNow(material, evidence, asked, NOW);
}

const keptIn = (answer: Answer): Previous => ("kept" in answer ? answer.kept : undefined) as Previous;
function signed(answer: Answer): Observed {
  const statement = checkStatement(JSON.stringify(keptIn(answer)), "lab");
  if (!("kind" in statement)) throw new Error(statement.join());
  return statement;
}

test("is whole in what is signed, with the evidence of both sites and the time that it tells of", async () => {
  const [own, copy] = [new MadeChain(dc).grow(5), new MadeChain(drc).grow(4)];
  const answer = await assessed(own, copy);
  const assessment = keptAssessment(keptIn(answer)) as Assessment;
  expect(assessment).toMatchObject({
    ...{ region: { id: "lab" }, commit: "5f5b72f", period: { from: question.from, to: NOW.toISOString() } },
    evidence: { records: 9, verified: 9, reachable: true },
  });
  expect(assessment.duties).toHaveLength(catalogue().duties.length);
  expect(keptIn(answer)).toMatchObject({ scheduled: { kind: "report", due: question.due } });
});

test("is made once for each time that it is due, at whichever site it was made; the next one goes on from it", async () => {
  const [own, copy] = [new MadeChain(dc), new MadeChain(drc)];
  const first = await assessed(own, copy);
  const { id } = copy.add(signed(first));
  own.add(observation("later"));
  expect(await assessed(own, copy)).toEqual({ found: id });
  const next = await assessed(own, copy, { ...question, kind: "monthly", due: "2026-07-31T22:00:00.000Z" });
  expect(keptAssessment(keptIn(next))).toMatchObject({ changes: { since: keptIn(first).at, opened: [], duties: [] } });
});
