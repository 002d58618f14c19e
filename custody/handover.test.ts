import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, test } from "vitest";
import type { KeyHolder } from "../model/types.ts";
import { type Handover, openHandover, sealHandover } from "./handover.ts";

const handover: Handover = {
  region: "lab",
  site: "drc",
  at: "2026-01-01T00:00:00.000Z",
  files: { "drc/secrets.age": new Uint8Array([0, 1, 255]), "inventory/lab/sites.yaml": new TextEncoder().encode("é") },
};

const keys: Record<"drc" | "dc" | "acts" | "approves", string> = { drc: "", dc: "", acts: "", approves: "" };
const holders: Record<keyof typeof keys, KeyHolder> = {} as never;
beforeAll(async () => {
  for (const role of Object.keys(keys) as (keyof typeof keys)[]) {
    keys[role] = await generateIdentity();
    holders[role] = { role, recipients: [await identityToRecipient(keys[role])] };
  }
});

describe("a site's handover", () => {
  test("opens with a key of its custodians, bytes and all", async () => {
    const sealed = await sealHandover(handover, [[holders.drc, holders.acts]]);
    for (const key of [keys.drc, keys.acts]) expect(await openHandover(sealed, [key], "x")).toEqual(handover);
  });

  test("does not open with another site's", async () => {
    const sealed = await sealHandover(handover, [[holders.drc]]);
    await expect(openHandover(sealed, [keys.dc], "b.age")).rejects.toThrow(
      "b.age: the keys that were given do not open it",
    );
  });

  test("is not sealed to nobody", async () => {
    await expect(sealHandover(handover, [[]])).rejects.toThrow("no role is declared to hold it");
    await expect(sealHandover(handover, [[{ role: "kepala", recipients: [] }]])).rejects.toThrow(
      "none of kepala has an age key",
    );
  });
});

describe("an escrow", () => {
  test("opens with one who acts and one who approves, in any order", async () => {
    const sealed = await sealHandover(handover, [[holders.acts], [holders.approves]]);
    expect(await openHandover(sealed, [keys.acts, keys.approves], "x")).toEqual(handover);
    expect(await openHandover(sealed, [keys.approves, keys.acts], "x")).toEqual(handover);
  });

  test.each(["acts", "approves"] as const)("does not open with one key alone: the one who %s", async (who) => {
    const sealed = await sealHandover(handover, [[holders.acts], [holders.approves]]);
    await expect(openHandover(sealed, [keys[who], keys[who]], "x")).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("what is wrong with the file is refused", () => {
  const resealed = async (change: (value: { files: { path: string; base64: string }[] }) => unknown) => {
    const sealed = await sealHandover(handover, [[holders.drc]]);
    const decrypter = new Decrypter();
    decrypter.addIdentity(keys.drc);
    const value = JSON.parse(await decrypter.decrypt(sealed, "text"));
    change(value);
    const encrypter = new Encrypter();
    encrypter.addRecipient(holders.drc.recipients[0] ?? "");
    return encrypter.encrypt(JSON.stringify(value));
  };
  const first = (value: { files: { path: string; base64: string }[] }) => value.files[0] ?? { path: "", base64: "" };

  test.each<[string, (value: { files: { path: string; base64: string }[] }) => unknown]>([
    ["a content that is not what its digest says", (value) => (first(value).base64 = "AAAA")],
    ["a path out of the folder", (value) => (first(value).path = "drc/../../x")],
    ["an absolute path", (value) => (first(value).path = "/etc/x")],
  ])("%s", async (_, change) => {
    await expect(openHandover(await resealed(change), [keys.drc], "x")).rejects.toMatchObject({ exitCode: 4 });
  });

  test("one cut short, and one that is no age file", async () => {
    const sealed = await sealHandover(handover, [[holders.drc]]);
    for (const bytes of [sealed.subarray(0, sealed.length - 5), new Uint8Array([1, 2, 3])])
      await expect(openHandover(bytes, [keys.drc], "x")).rejects.toMatchObject({ exitCode: 4 });
  });
});
