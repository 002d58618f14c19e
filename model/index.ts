/** What the rest of Lumbung uses of the model. */

export { backupPlan } from "./derive/backup.ts";
export { type BackupCoverage, type CopyFact, type CoverageItem, coverage } from "./derive/backup-coverage.ts";
export * as names from "./derive/names.ts";
export { deriveModel } from "./derive.ts";
export { type InventoryFile, type LoadOptions, parseInventory, type Result } from "./load.ts";
export { formatPath, type Language, type Problem, renderProblem, renderProblems } from "./problems.ts";
export { databaseGroups } from "./schema/databases.ts";
export { fileNames, type Inventory } from "./schema/index.ts";
export { jsonSchema } from "./schema/json-schema.ts";
export { regulationIds } from "./schema/region.ts";
export type * from "./types.ts";
