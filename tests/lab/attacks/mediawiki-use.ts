/** What people do in MediaWiki: each step as its own pages send it. */
import type { Browser, UploadedFile, Visited } from "../support/browser.ts";
import { fieldsOf } from "./wordpress-use.ts";

/** Logs in by the form. @throws where it does not work. */
export async function logIn(browser: Browser, password: string): Promise<void> {
  const page = await browser.get("/index.php?title=Istimewa:Masuk_log&returnto=Halaman+Utama");
  const sent = await browser.post("/index.php?title=Istimewa:Masuk_log&returnto=Halaman+Utama", {
    ...only(fieldsOf(page.body), /^(wpLoginToken|authAction|force|title|wpEditToken)$/),
    wpName: "Admin",
    wpPassword: password,
    wploginattempt: "Masuk log",
  });
  if (sent.status !== 302) throw new Error(`Istimewa:Masuk_log: expected 302, received ${sent.status}`);
}

/** Writes a page in the editor: preview first, then saved. */
export async function writePage(browser: Browser, title: string, text: string): Promise<Visited> {
  const path = `/index.php?title=${encodeURIComponent(title)}&action=edit`;
  const page = await browser.get(path);
  const form = {
    ...only(
      fieldsOf(page.body),
      /^(wpUnicodeCheck|wpStarttime|wpEdittime|editRevId|wpEditToken|wpSection|oldid|parentRevId|format|model|mode|wpAutoSummary|wpUltimateParam|editingStatsId)$/,
    ),
    wpTextbox1: text,
    wpSummary: "halaman 'baru' & rapi: \"cadangan\" (lihat #3)",
  };
  const submit = `/index.php?title=${encodeURIComponent(title)}&action=submit`;
  await browser.post(submit, { ...form, wpPreview: "Lihat pratayang" });
  await browser.post(submit, { ...form, wpDiff: "Lihat perubahan" });
  const saved = await browser.post(submit, { ...form, wpSave: "Simpan halaman" });
  if (saved.status !== 302) throw new Error(`${title}: expected 302, received ${saved.status}: ${plain(saved)}`);
  return browser.get(`/wiki/${encodeURIComponent(title.replaceAll(" ", "_"))}`);
}

/** Uploads by the form. */
export async function upload(browser: Browser, file: UploadedFile): Promise<Visited> {
  const page = await browser.get("/wiki/Istimewa:Pengunggahan");
  return browser.post(
    "/wiki/Istimewa:Pengunggahan",
    {
      ...only(fieldsOf(page.body), /^(wpEditToken|title|wpForReUpload|wpDestFileWarningAck)$/),
      wpSourceType: "file",
      wpDestFile: file.name,
      wpUploadDescription: "Peta ''wilayah'' {{Informasi}} & catatan \"lama\"",
      wpIgnoreWarning: "1",
      wpUpload: "Unggah berkas",
    },
    file,
  );
}

export async function everydayUse(
  browser: Browser,
  title: string,
  searches: readonly string[],
  text: string,
): Promise<void> {
  const encoded = encodeURIComponent(title);
  for (const path of [
    `/index.php?title=${encoded}&action=history`,
    `/index.php?title=${encoded}&action=raw`,
    `/index.php?title=${encoded}&action=info`,
    "/wiki/Istimewa:Perubahan_terbaru",
    "/wiki/Istimewa:Daftar_berkas",
    "/wiki/Istimewa:Versi",
    "/wiki/Istimewa:Preferensi",
    "/api.php?action=query&meta=siteinfo&siprop=general|statistics&format=json",
    "/load.php?lang=id&modules=site.styles&only=styles&skin=vector-2022",
  ])
    await browser.get(path);
  for (const words of searches) {
    const asked = encodeURIComponent(words).replaceAll("%20", "+");
    await browser.get(`/index.php?search=${asked}&title=Istimewa%3APencarian&ns0=1`);
    await browser.get(`/rest.php/v1/search/title?q=${encodeURIComponent(words)}&limit=10`);
    await browser.get(`/api.php?action=opensearch&format=json&formatversion=2&search=${asked}&namespace=0&limit=10`);
  }
  const token = JSON.parse((await browser.get("/api.php?action=query&meta=tokens&format=json")).body) as {
    query: { tokens: { csrftoken: string } };
  };
  const edited = await browser.post("/api.php", {
    action: "edit",
    format: "json",
    title: `${title}/lanjutan`,
    text,
    summary: "lewat API",
    token: token.query.tokens.csrftoken,
  });
  if (!edited.body.includes('"result":"Success"')) throw new Error(`api.php: ${edited.body.slice(0, 300)}`);
  await browser.post("/api.php", { action: "parse", format: "json", text, contentmodel: "wikitext", title });
}

const only = (fields: Readonly<Record<string, string>>, names: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.test(name)));

const plain = ({ body }: Visited): string =>
  body
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .slice(0, 400);
