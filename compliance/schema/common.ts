/** Small shapes that duties and profiles share. */
import { z } from "zod";
import { say } from "../../model/schema/common.ts";
import { knowsItsTerms, terms } from "./terms.ts";

const plain = z.string().trim().min(1).describe(say("Teks tanpa istilah yang diganti", "A text without placeholders"));

const termed = plain.refine(
  knowsItsTerms,
  say(
    `teks yang kurung kurawalnya hanya berisi ${terms.join(", ")}`,
    `a text whose braces hold only ${terms.join(", ")}`,
  ),
);

/** A text of both languages. */
export const bilingual = z.strictObject({ id: plain, en: plain });

/** A text of both languages in which `{opd}` and other terms stand for a region's own word. */
export const termedText = z.strictObject({ id: termed, en: termed });

/** `<area>.<name>`, for example `site.other-region`. */
export const dutyId = z
  .string()
  .regex(
    /^[a-z]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)?$/,
    say("id kewajiban, misalnya site.other-region", "id of a duty such as site.other-region"),
  );
