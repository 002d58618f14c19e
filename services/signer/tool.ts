/** By which programme a signer's own statements are made. A test holds the version to package.json's. */
export const TOOL = { name: "lumbung-signer", version: "0.1.0" } as const;
