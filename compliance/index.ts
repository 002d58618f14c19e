/** What the rest of Lumbung uses of the catalogue of duties. */

export { type AssessInput, assess, resultsOf } from "./assess.ts";
export * from "./assessment.ts";
export {
  type Basis,
  type Binding,
  type Bound,
  bind,
  profilesOf,
  type Unbound,
  vocabularyOf,
  type Words,
} from "./binding.ts";
export {
  type Catalogue,
  type CatalogueFile,
  type CatalogueFiles,
  type CatalogueResult,
  parseCatalogue,
} from "./catalogue.ts";
export { isPrevious, type Previous, previousIn } from "./changes.ts";
export { yearsAfter } from "./dates.ts";
export { type DutyChange, designedDuties, dutyChanges, type Refusal, refusalsOf } from "./designed.ts";
export { type FileDigests, isDay, judgeDocuments } from "./documents.ts";
export { applyEdits, type InventoryValues } from "./edits.ts";
export { localDate } from "./facts.ts";
export type { FindingUpdate } from "./findings/live-on.ts";
export { assessmentBytes, type Kept, keptAssessment, keptOf, type Scheduled } from "./kept.ts";
export { missingParts } from "./parts.ts";
export {
  type BrokenEvidence,
  EvidenceReader,
  type EvidenceReaderOptions,
  mergeEvidence,
  NO_EVIDENCE,
  type ReadEvidence,
} from "./read-evidence.ts";
export { AREAS, type AreaId, areaIds, areaOf } from "./schema/areas.ts";
export { type Citation, type CitationKind, citationKinds, citationText, shortCitation } from "./schema/articles.ts";
export type { Breaking, EvidenceEdit, InventoryEdit, Segment, SiteEdit } from "./schema/breaking.ts";
export { DOCUMENTS, type DocumentKind } from "./schema/documents.ts";
export { type Duty, type ProfileId, profileIds, type Way } from "./schema/duty.ts";
export { OFFICES, RESPONSIBLE, type Responsible, rolesOf } from "./schema/offices.ts";
export { PARTS, type Part } from "./schema/parts.ts";
export type { Deadline, Profile, ProfileException } from "./schema/profile.ts";
export { COMMON_WORDS, inWordsOf, type Term, type Vocabulary } from "./schema/terms.ts";
export { modelDigest } from "./seen.ts";
export { heaviest, SEVERITIES, type Severity, severityOf } from "./severity.ts";
export { tallyOf, totalsOf } from "./totals.ts";
export { judgeWaivers, type Waiver } from "./waivers.ts";
