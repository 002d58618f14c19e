import { expect, test } from "vitest";
import { imageRows } from "./image-table.ts";

const image = (name: string, id: string, made: string, folder = "gateway") => ({ name, id, made, folder });
const seen = {
  site: "dc",
  workloads: [
    { name: "gateway", image: "gateway", version: "3.0.11" },
    { name: "web", image: "web", version: null },
  ],
  containers: new Map([["gateway", { image: "lumbung/gateway:2", id: "sha256:2" }]]),
  images: [
    image("lumbung/gateway:1", "sha256:1", "2026-01-01T00:00:00Z"),
    image("lumbung/gateway:2", "sha256:2", "2026-02-01T00:00:00Z"),
    image("lumbung/gateway:0", "sha256:0", "2025-12-01T00:00:00Z"),
    image("lumbung/web:1", "sha256:9", "2026-02-01T00:00:00Z", "web"),
  ],
};
const rows = (declared: string, id?: string) =>
  imageRows(
    seen,
    (folder) => (folder === "gateway" ? declared : `lumbung/${folder}:1`),
    () => id,
  );

test("what runs as declared, with the images that one can go back to, newest first", () => {
  expect(rows("lumbung/gateway:2")[0]).toMatchObject({
    runs: "lumbung/gateway:2",
    made: "2026-02-01T00:00:00Z",
    state: "same",
    kept: [{ name: "lumbung/gateway:1" }, { name: "lumbung/gateway:0" }],
  });
});

test("another image is declared: the next up replaces the container", () => {
  expect(rows("lumbung/gateway:3")[0]?.state).toBe("other");
});

test("the same image under another name is the same", () => {
  expect(rows("registry.example/gateway@sha256:2", "sha256:2")[0]?.state).toBe("same");
});

test("no container: absent, and nothing is made up", () => {
  expect(rows("lumbung/gateway:2")[1]).toMatchObject({
    workload: "web",
    state: "absent",
    runs: null,
    id: null,
    made: null,
  });
});
