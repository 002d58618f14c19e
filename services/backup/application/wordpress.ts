/** WordPress: its newest post is shown under its number, which leads to wherever its permanent address is (WordPress: Canonical URLs). */
import { isShown, lettersOf } from "./page-text.ts";
import { isPublic, type Served } from "./upload.ts";
import { type Query, quoted, type Witness } from "./witness.ts";

/** By images/wordpress/etc/lumbung/app/nginx.conf. */
export const wordpressUploads: Served = { at: "/wp-content/uploads/", isServed: isPublic };

const NEWEST = `SELECT ID AS id, post_title AS title FROM wp_posts
  WHERE post_type = 'post' AND post_status = 'publish' AND post_password = ''
  ORDER BY post_date_gmt DESC, ID DESC LIMIT 20`;
const NAME = "SELECT option_value AS name FROM wp_options WHERE option_name = 'blogname'";

/** The newest post that has a title; where there is none, the site's name. Undefined: there is neither. */
export async function wordpressWitness(query: Query): Promise<Witness | undefined> {
  const posts = (await query(NEWEST)).map(({ id, title }) => ({ id: String(id), title: String(title) }));
  const newest = posts.find(({ title }) => lettersOf(title) !== "");
  if (newest)
    return {
      path: `/?p=${newest.id}`,
      what: `the title of the newest post, ${quoted(newest.title)}`,
      isIn: (html) => isShown(html, newest.title),
    };
  const name = String((await query(NAME))[0]?.name ?? "");
  if (lettersOf(name) === "") return undefined;
  return {
    path: "/",
    what: `the site's name, ${quoted(name)}, as no post was published`,
    isIn: (html) => isShown(html, name),
  };
}
