import type { Text } from "../../../model/types.ts";

/** Why a run came to nothing, in words for an operator. The message is the English text. */
export class JobFault extends Error {
  override readonly name = "JobFault";
  readonly text: Text;

  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}
