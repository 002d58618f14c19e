/** Clocks of sites may be apart by this much before a fresh certificate is refused as "not yet valid": it begins that long before it was made. */
export const SKEW_MS = 3_600_000;
