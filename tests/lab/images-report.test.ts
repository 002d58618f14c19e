/** Reports as they are printed: made in the image `report` without network, and read back with pdftotext in the same image. */
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { figuresOf, type RenderKind, render, sourcesOf } from "../../compliance/render/index.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { ensureImages } from "../../io/images.ts";
import { containerWords, pdfBy } from "../../io/pdf.ts";
import { LANGS, type Lang } from "../../web/text.ts";

const assessment = madeAssessment();
const sources = sourcesOf(assessment);
let image: string;

beforeAll(async () => {
  ({ report: image = "" } = await ensureImages(["report"], {
    progress: ({ text }) => process.stderr.write(`${text.en}\n`),
  }));
}, 600_000);

async function printed(kind: RenderKind, lang: Lang): Promise<{ pages: number; text: string }> {
  const [file] = render(sources, kind, "pdf", lang);
  const pdf = await pdfBy(containerWords(image), String(file?.content));
  const [docker, ...words] = containerWords(image);
  const inImage = (script: string) => {
    const run = [...words.slice(0, words.indexOf(image) + 1), "sh", "-c", script];
    return spawnSync(docker, run, { input: pdf, encoding: "utf8", maxBuffer: 64 << 20 }).stdout;
  };
  const pages = Number(/^Pages: +(\d+)$/m.exec(inImage("cat > /tmp/a.pdf && pdfinfo /tmp/a.pdf"))?.[1]);
  return { pages, text: inImage("cat > /tmp/a.pdf && pdftotext -layout /tmp/a.pdf -") };
}

/** What stands at the end of the line that begins with the name; a figure's name stands nowhere else at the start of a line. */
function figureIn(text: string, name: string): number {
  const line = text.split("\n").find((one) => one.trim().split(/\s+/)[0] === name) ?? "";
  return Number(line.trim().split(/\s+/).at(-1)?.replace(/[.,]/g, ""));
}

describe.each(LANGS)("reports on paper in %s", (lang) => {
  it("the audit report shows every figure, with its name and value", async () => {
    const { pages, text } = await printed("audit", lang);
    expect(pages).toBeGreaterThan(10);
    for (const { name, value } of figuresOf(assessment)) expect([name, figureIn(text, name)]).toEqual([name, value]);
  }, 300_000);
  it("the letter to the head of the region has two pages", async () => {
    expect((await printed("bupati", lang)).pages).toBe(2);
  }, 120_000);
});
