/** Colours of what a reader should take good or bad: one place for charts, marks and both style sheets. Each is told apart in black and white by its text. */
export const TONES = {
  good: { fill: "#2c6a55", ink: "#ffffff" },
  paper: { fill: "#4f7fa8", ink: "#ffffff" },
  waived: { fill: "#e3b04b", ink: "#21180a" },
  late: { fill: "#c46a1f", ink: "#ffffff" },
  bad: { fill: "#a3201a", ink: "#ffffff" },
  unknown: { fill: "#6f6b66", ink: "#ffffff" },
  off: { fill: "#ddd6c6", ink: "#3a3528" },
} as const satisfies Readonly<Record<string, { readonly fill: string; readonly ink: string }>>;

export type Tone = keyof typeof TONES;

export const tones = Object.keys(TONES) as Tone[];

/** Rules for a mark (`.mark.tone-good` and so on) and for what has a coloured edge, for any style sheet. */
export const TONE_RULES = tones
  .map(
    (tone) =>
      `.mark.tone-${tone}{background:${TONES[tone].fill};color:${TONES[tone].ink}}.edge.tone-${tone}{border-left-color:${TONES[tone].fill}}`,
  )
  .join("\n");
