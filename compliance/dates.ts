/** The same day so many years later, ISO 8601; 29 February becomes the 28th where that year has none. That day still counts. */
export function yearsAfter(date: string, years: number): string {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year + years, month, 0)).getUTCDate();
  return new Date(Date.UTC(year + years, month - 1, Math.min(day, last))).toISOString().slice(0, 10);
}
