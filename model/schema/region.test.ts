import { expect, test } from "vitest";
import { deriveModel } from "../derive.ts";
import { loadAltered, problemsOf, valid } from "../testing/lab.ts";

const digest = `sha256:${"a".repeat(64)}`;
const withImage = (image: string) => (values: { region: { images?: unknown } }) => {
  values.region.images = { gateway: image };
};

test.each([digest, `gateway@${digest}`, `registry.example:5000/lumbung/gateway@${digest}`])(
  "an image in place of a folder's: %s",
  (image) => {
    expect(deriveModel(valid(loadAltered(withImage(image)))).region.images).toEqual({ gateway: image });
  },
);

test.each(["gateway:3.0", "gateway", "gateway@sha256:abc", ""])(
  "what %j means can change, or is nothing: refused",
  (image) => {
    expect(problemsOf(withImage(image)).map(({ path }) => path)).toEqual(["region.images.gateway"]);
  },
);

test("without any, the model has none", () => {
  expect(deriveModel(valid(loadAltered(() => {}))).region).not.toHaveProperty("images");
});
