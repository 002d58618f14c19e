import { fileURLToPath } from "node:url";

/** The folder that this checkout of the project is in. */
export const REPOSITORY: string = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
