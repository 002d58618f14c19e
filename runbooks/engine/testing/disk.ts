/** For tests only: a journal in memory that a kill can cut off before, in the middle of and after each line. */
import type { Lines } from "../../../io/lines.ts";
import type { Killer } from "./world.ts";

export class Disk {
  text = "";

  lines(killer: Killer): Pick<Lines, "append"> {
    return {
      append: async (line) => {
        killer.moment();
        const half = Math.floor(line.length / 2);
        this.text += line.slice(0, half);
        killer.moment();
        this.text += line.slice(half);
        killer.moment();
      },
    };
  }

  /** One that answers before the line is on disk: a kill loses the last line. */
  unflushed(killer: Killer): Pick<Lines, "append"> {
    let waiting = "";
    return {
      append: async (line) => {
        killer.moment();
        this.text += waiting;
        waiting = line;
        killer.moment();
      },
    };
  }
}
