/** What people do in WordPress: each step as its own pages and editor send it. */
import type { Browser, UploadedFile, Visited } from "../support/browser.ts";

export interface WordPressSession {
  /** For the REST interface, as the editor's page carries it. */
  readonly nonce: string;
  /** For uploads by the media page. */
  readonly uploadNonce: string;
}

/** Logs in and opens the editor. @throws where one of it does not come. */
export async function logIn(browser: Browser, password: string): Promise<WordPressSession> {
  await browser.get("/wp-login.php");
  const answer = await browser.post("/wp-login.php", {
    log: "admin",
    pwd: password,
    rememberme: "forever",
    "wp-submit": "Log Masuk",
    redirect_to: `${"/wp-admin/"}`,
    testcookie: "1",
  });
  if (answer.status !== 302) throw new Error(`wp-login.php: expected 302, received ${answer.status}`);
  const editor = await browser.get("/wp-admin/post-new.php");
  const media = await browser.get("/wp-admin/media-new.php");
  return {
    nonce: found(editor, /createNonceMiddleware\(\s*"([0-9a-f]+)"/, "the editor's nonce"),
    uploadNonce: found(media, /"_wpnonce":"([0-9a-f]+)"/, "the upload nonce"),
  };
}

export interface Post {
  readonly id: number;
  readonly link: string;
}

/** Writes a post in the block editor: draft, autosave, then published. */
export async function writePost(
  browser: Browser,
  { nonce }: WordPressSession,
  title: string,
  content: string,
): Promise<Post> {
  const headers = { "x-wp-nonce": nonce, accept: "application/json, */*;q=0.1" };
  const draft = await browser.visit("/wp-json/wp/v2/posts?_locale=user", {
    method: "POST",
    headers,
    json: { title, content, status: "draft", excerpt: "" },
  });
  const { id } = JSON.parse(draft.body) as { id: number };
  await browser.visit(`/wp-json/wp/v2/posts/${id}/autosaves?_locale=user`, {
    method: "POST",
    headers,
    json: { id, title, content: `${content}\n`, excerpt: "" },
  });
  const published = await browser.visit(`/wp-json/wp/v2/posts/${id}?_locale=user`, {
    method: "POST",
    headers: { ...headers, "x-http-method-override": "PUT" },
    json: { id, title, content, status: "publish", comment_status: "open" },
  });
  if (published.status !== 200)
    throw new Error(`post ${id}: expected 200, received ${published.status}: ${published.body.slice(0, 300)}`);
  return JSON.parse(published.body) as Post;
}

/** Uploads as the media page does. */
export function upload(browser: Browser, { uploadNonce }: WordPressSession, file: UploadedFile): Promise<Visited> {
  return browser.post(
    "/wp-admin/async-upload.php",
    { name: file.name, action: "upload-attachment", _wpnonce: uploadNonce },
    file,
  );
}

/** Everything else that an administrator's day and a reader's visit hold. */
export async function everydayUse(
  browser: Browser,
  session: WordPressSession,
  post: Post,
  searches: readonly string[],
  comments: readonly string[],
): Promise<void> {
  const rest = { "x-wp-nonce": session.nonce };
  for (const path of ADMIN_PAGES) await browser.get(path);
  for (const path of REST) await browser.get(path, rest);
  await browser.visit("/wp-json/wp/v2/settings?_locale=user", { method: "OPTIONS", headers: rest });
  for (const words of searches) {
    await browser.get(`/?s=${encodeURIComponent(words).replaceAll("%20", "+")}`);
    await browser.get(
      `/wp-admin/edit.php?s=${encodeURIComponent(words)}&post_status=all&post_type=post&action=-1&m=0&cat=0&paged=1&action2=-1`,
    );
    await browser.get(`/wp-json/wp/v2/search?search=${encodeURIComponent(words)}&per_page=20&_locale=user`, rest);
  }
  for (const comment of comments)
    await browser.post("/wp-comments-post.php", {
      comment,
      submit: "Kirim Komentar",
      comment_post_ID: String(post.id),
      comment_parent: "0",
    });
  await browser.post("/wp-admin/admin-ajax.php", {
    "data[wp-refresh-post-lock][post_id]": String(post.id),
    interval: "60",
    action: "heartbeat",
    screen_id: "post",
    has_focus: "true",
  });
  await saveForm(browser, "/wp-admin/options-general.php", "/wp-admin/options.php", {
    blogdescription: 'Cepat, tepat & "gratis" – jum\'at libur <kecuali> darurat',
  });
  await saveForm(browser, "/wp-admin/profile.php", "/wp-admin/profile.php", {
    description: "Admin PPID; 'walidata' & pengelola SP4N-LAPOR! <https://lumbungkab.go.id/profil?id=1&tab=2>",
  });
  await saveForm(browser, "/wp-admin/edit-tags.php?taxonomy=category", "/wp-admin/edit-tags.php", {
    action: "add-tag",
    "tag-name": "Berita & pengumuman (umum)",
    slug: "",
    description: "Select/pilih: 'berita', \"pengumuman\"; insert gambar bila ada",
  });
}

const ADMIN_PAGES = [
  "/wp-admin/",
  "/wp-admin/index.php",
  "/wp-admin/edit.php",
  "/wp-admin/upload.php?mode=list",
  "/wp-admin/edit.php?post_type=page",
  "/wp-admin/edit-comments.php",
  "/wp-admin/themes.php",
  "/wp-admin/site-editor.php",
  "/wp-admin/plugins.php",
  "/wp-admin/users.php",
  "/wp-admin/user-new.php",
  "/wp-admin/tools.php",
  "/wp-admin/site-health.php",
  "/wp-admin/options-writing.php",
  "/wp-admin/options-permalink.php",
  "/wp-admin/load-styles.php?c=0&dir=ltr&load%5Bchunk_0%5D=dashicons,admin-bar,common,forms&ver=6.8",
  "/feed/",
  "/wp-sitemap.xml",
  "/robots.txt",
];

const REST = [
  "/wp-json/",
  "/wp-json/wp/v2/posts?context=edit&per_page=100&_locale=user",
  "/wp-json/wp/v2/block-patterns/patterns?_locale=user",
  "/wp-json/wp/v2/users/me?context=edit&_locale=user",
  "/wp-json/wp/v2/themes?context=edit&status=active&_locale=user",
  "/wp-json/wp/v2/templates?context=edit&per_page=100&_locale=user",
  "/wp-json/wp/v2/global-styles/themes/twentytwentyfive?context=view&_locale=user",
  "/wp-json/wp/v2/media?context=edit&per_page=80&orderby=date&order=desc&_locale=user",
];

/** Fills in a page's form with its own fields, and sends all of it, as a browser does. */
async function saveForm(
  browser: Browser,
  page: string,
  action: string,
  changed: Readonly<Record<string, string>>,
): Promise<void> {
  const { body } = await browser.get(page);
  const sent = await browser.post(action, { ...fieldsOf(body), ...changed });
  if (sent.status !== 302)
    throw new Error(`${action}: expected 302, received ${sent.status}: ${sent.body.slice(0, 300)}`);
}

/** The values that a page's inputs have, as far as they are sent: hidden ones, texts, what is checked or selected. */
export function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input\b[^>]*>/g)) {
    const type = attribute(input, "type") ?? "text";
    const name = attribute(input, "name");
    const chosen = !/radio|checkbox/.test(type) || /\schecked\b/.test(input);
    if (name !== undefined && chosen && !/submit|button|file|password/.test(type))
      fields[name] = attribute(input, "value") ?? "";
  }
  for (const [select] of html.matchAll(/<select\b[\s\S]*?<\/select>/g)) {
    const name = attribute(select, "name");
    const option = /<option\b[^>]*\sselected\b[^>]*>/.exec(select)?.[0];
    if (name !== undefined && option !== undefined) fields[name] = attribute(option, "value") ?? "";
  }
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return (value?.[1] ?? value?.[2])?.replaceAll("&quot;", '"').replaceAll("&#039;", "'").replaceAll("&amp;", "&");
}

function found({ body, status }: Visited, pattern: RegExp, what: string): string {
  const value = pattern.exec(body)?.[1];
  if (value === undefined) throw new Error(`${what}: not on the page (status ${status}): ${body.slice(0, 200)}`);
  return value;
}
