/** Seconds from local midnight of a time as `timeOfDay` of the schema takes it, `05:00`. */
export function secondsOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60;
}
