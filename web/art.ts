/** Drawings of our own, as SVG files: a granary on stilts (lumbung), its mark, and a woven frieze of triangles (tumpal). */

/** Mark of every site: the granary's roof and posts. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#17463a"/><path d="M9 35C15 31 15 9 32 7c17 2 17 24 23 28-7 2-39 2-46 0z" fill="#e3b04b"/><path d="M32 7c-4 9-6 18-6 29M32 7c4 9 6 18 6 29" fill="none" stroke="#b9822a" stroke-width="1.5"/><path d="M18 37h28l-3 10H21z" fill="#fbf6ea"/><path d="m32 38 4 4-4 4-4-4z" fill="#a5502b"/><path d="M23 47v10M41 47v10M15 57h34" stroke="#fbf6ea" stroke-width="3.4" stroke-linecap="round"/></svg>
`;

/** Frieze, repeated sideways by the style sheet: 48 by 20. */
export const MOTIF = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="20" viewBox="0 0 48 20"><rect width="48" height="20" fill="#123a30"/><path d="M0 20 12 2l12 18zM24 20 36 2l12 18z" fill="#e3b04b"/><path d="m4.500 20 7.500-11 7.500 11zM28.500 20 36 9l7.500 11z" fill="#a5502b"/><path d="m12 13 3 4.500-3 2.500-3-2.500zM36 13l3 4.500-3 2.500-3-2.500z" fill="#fbf6ea"/><path d="m24 1 3 4-3 4-3-4zM0 1l3 4-3 4zM48 1l-3 4 3 4z" fill="#fbf6ea"/></svg>
`;

function stalk(x: number, height: number, lean: number): string {
  const top = 372 - height;
  const tip = x + lean;
  const grains = [0, 1, 2, 3, 4].map((step) => {
    const y = top + step * 9;
    const along = tip - (lean * step * 9) / height;
    return `<ellipse cx="${(along - 4).toFixed(1)}" cy="${y}" rx="2.600" ry="5.500" transform="rotate(-24 ${(along - 4).toFixed(1)} ${y})"/><ellipse cx="${(along + 4).toFixed(1)}" cy="${y + 4}" rx="2.600" ry="5.500" transform="rotate(24 ${(along + 4).toFixed(1)} ${y + 4})"/>`;
  });
  return `<path d="M${x} 380Q${x} ${372 - height / 2} ${tip} ${top}" fill="none" stroke="#c9a24a" stroke-width="2"/><g fill="#efc766">${grains.join("")}</g>`;
}

const STALKS = [
  [26, 104, 14],
  [52, 132, 18],
  [84, 92, 12],
  [430, 96, -12],
  [462, 136, -18],
  [494, 108, -14],
].map(([x = 0, height = 0, lean = 0]) => stalk(x, height, lean));

const WEAVE = Array.from({ length: 5 }, (_, column) => {
  const x = 202 + column * 29;
  return `<path d="m${x} 206 11 13-11 13-11-13z" fill="#a5502b"/><path d="m${x} 212 6 7-6 7-6-7z" fill="#fbf6ea"/>`;
});

const POSTS = [196, 238, 280, 322].map(
  (x) =>
    `<path d="M${x - 5} 262h10l2 76h-14z" fill="#6d4527"/><ellipse cx="${x}" cy="272" rx="14" ry="4" fill="#8a5a33"/><path d="M${x - 12} 338h24v7h-24z" fill="#c9c2ad"/>`,
);

/** Illustration of the portal's first page: 520 by 380, on the banner's green. */
export const GRANARY = `<svg xmlns="http://www.w3.org/2000/svg" width="520" height="380" viewBox="0 0 520 380">
<circle cx="404" cy="112" r="52" fill="#e3b04b" opacity=".92"/><circle cx="404" cy="112" r="70" fill="none" stroke="#e3b04b" stroke-width="2" opacity=".4"/>
<path d="M0 262Q90 186 176 232T352 214T520 238V380H0z" fill="#2c6a55"/><path d="M0 300Q120 250 260 292T520 280V380H0z" fill="#3c8063"/>
<g fill="none" stroke="#7fb489" stroke-width="2" opacity=".65"><path d="M0 322Q130 292 262 320T520 308"/><path d="M0 342Q130 316 262 340T520 330"/><path d="M0 362Q130 338 262 360T520 352"/></g>
${POSTS.join("")}
<path d="M172 250h174l8 14H164z" fill="#8a5a33"/><path d="M180 178h158l-10 74H190z" fill="#e9dcc0"/><path d="M180 178h158l-2.500 16H182.500zM188 240h142l-2 12H190z" fill="#8a5a33"/>
${WEAVE.join("")}
<path d="M128 190C168 170 168 46 259 26C350 46 350 170 390 190C352 203 166 203 128 190z" fill="#e3b04b"/>
<path d="M128 190C166 203 352 203 390 190l-9-8C340 193 178 193 137 182z" fill="#b9822a"/>
<g fill="none" stroke="#b9822a" stroke-width="2" opacity=".8"><path d="M259 26C214 60 206 140 184 190"/><path d="M259 26C236 70 232 140 222 193"/><path d="M259 26V194"/><path d="M259 26C282 70 286 140 296 193"/><path d="M259 26C304 60 312 140 334 190"/></g>
<path d="m259 8 8 18-8 8-8-8z" fill="#a5502b"/>
<g stroke="#6d4527" stroke-width="4" stroke-linecap="round"><path d="M252 264 236 344M276 264l-16 80M249 280h22M245 298h22M241 316h22M238 332h22"/></g>
${STALKS.join("")}
</svg>
`;
