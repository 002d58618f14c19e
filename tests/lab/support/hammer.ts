import { type Ask, ask } from "./web.ts";

export interface Hammered {
  readonly asked: number;
  readonly failed: readonly string[];
}

/** Asks for pages one after the other until it is told to stop, and remembers each that failed. At most `limit` requests. */
export function hammer(asks: readonly Ask[], limit = 100_000): { stop(): Promise<Hammered> } {
  let going = true;
  const failed: string[] = [];
  const done = (async () => {
    let asked = 0;
    while (going && asked < limit) {
      const one = asks[asked % asks.length];
      if (!one) break;
      asked += 1;
      try {
        const { status } = await ask(one);
        if (status !== 200) failed.push(`${one.host}: ${status}`);
      } catch (error) {
        failed.push(`${one.host}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { asked, failed };
  })();
  return {
    stop: () => {
      going = false;
      return done;
    },
  };
}
