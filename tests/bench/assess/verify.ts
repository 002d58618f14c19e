/** Verifying evidence, with places, links and heads, against the bare verification of the same Ed25519 signatures (issue 7: at least half the rate). */
import { createPublicKey, verify } from "node:crypto";
import { preAuthEncoding, readEnvelope } from "../../../evidence/dsse.ts";
import { keyRing } from "../../../evidence/keys.ts";
import { Verifier } from "../../../evidence/verify.ts";
import type { Bench } from "../bench.ts";
import { type Figure, figureOf } from "../figure.ts";
import { median } from "../statistics.ts";
import { load, madeFiles, madeRecords, manySeen } from "./made.ts";

const BOUND = 0.5;
const ROUNDS = 7;
const COUNT = 5000;

export const verifyBench: Bench = {
  makes: ["evidence.verify"],
  measure: async (note) => [figure(note)],
};

const seconds = (work: () => void): number => {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
};

function figure(note: (text: string) => void): Figure {
  const region = load(madeFiles());
  const id = region.model.region.id;
  const records = [...madeRecords(id, manySeen(region).slice(0, COUNT))];
  const keys = keyRing([...new Map(records.map(({ by }) => [by.site, by.publicKey])).values()]);
  // What is left of a record when all but the signature is done.
  const bare = records.map(({ bytes, by }) => {
    const envelope = readEnvelope(bytes);
    if (envelope === undefined) throw new Error("verify: expected an envelope, received something else");
    const signed = preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, "base64"));
    const key = createPublicKey(by.publicKey.publicKey);
    return () => verify(null, signed, key, Buffer.from(envelope.signatures[0].sig, "base64"));
  });
  const [floors, values]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    note(`round ${round} of ${ROUNDS}`);
    const floor = seconds(() => {
      if (!bare.every((one) => one())) throw new Error("verify: expected every signature to fit");
    });
    const value = seconds(() => {
      const verifier = new Verifier({ region: id, keys });
      for (const record of records) verifier.take(record);
      const { verified, broken } = verifier.finish();
      if (verified !== records.length)
        throw new Error(`verify: expected none broken, received ${broken[0]?.reason.en}`);
    });
    if (round === 0) continue;
    floors.push(records.length / floor);
    values.push(records.length / value);
  }
  const bytes = records.reduce((sum, record) => sum + record.bytes.byteLength, 0);
  return figureOf({
    name: "evidence.verify",
    value: median(values),
    unit: "records/s",
    floor: median(floors),
    against: "bare Ed25519 verification of the same signatures",
    bound: BOUND,
    least: true,
    detail: { records: records.length, bytesEach: Math.round(bytes / records.length), values, floors },
  });
}
