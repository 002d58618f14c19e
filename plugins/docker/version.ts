/** The version of the official plugin whose types, inputs and outputs this one has. */
export const VERSION = "5.2.0";
