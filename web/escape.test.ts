import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeText, html, trusted } from "./escape.ts";

describe("html", () => {
  it("escapes text, keeps its own markup, joins lists, leaves out nothing-values", () => {
    const items = ["<b>", html`<i>${"&"}</i>`];
    expect(html`<p title="${'"'}">${items}${undefined}${null}${false}${0}${trusted("<hr>")}</p>`.markup).toBe(
      '<p title="&quot;">&lt;b&gt;<i>&amp;</i>0<hr></p>',
    );
  });

  it("never lets a special or forbidden character through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeText(text);
        return !/(?![\t\n\r])\p{Cc}|[<>"'`\u202a-\u202e]|&(?!(amp|lt|gt|quot|#39|#96);)/u.test(escaped);
      }),
    );
  });

  it("keeps what is harmless", () => {
    expect(escapeText("Pendopo, 9 °C — “baik”\n😀")).toBe("Pendopo, 9 °C — “baik”\n😀");
    expect(escapeText("a\ud800b\u202ec")).toBe("abc");
  });
});
