/** Who answers for a duty: a role that a region declares, or an office that every region has. Never a person. */
import type { Inventory } from "../../model/index.ts";
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

/** Ids as in a region's `roles.yaml`; the words serve where a region has not declared the role. */
export const ROLES = {
  "kepala-diskominfo": text("kepala Diskominfo", "head of the Diskominfo"),
  "kepala-infrastruktur": text("kepala bidang infrastruktur Diskominfo", "head of infrastructure at the Diskominfo"),
  "kepala-aplikasi": text("kepala bidang aplikasi Diskominfo", "head of applications at the Diskominfo"),
  "admin-basis-data": text("admin basis data", "database administrator"),
  "admin-kepegawaian": text("pengelola data kepegawaian", "manager of personnel data"),
  walidata: text("walidata daerah", "the region's data steward"),
  "auditor-internal": text("auditor internal", "internal auditor"),
} as const satisfies Readonly<Record<string, Text>>;

/** Offices that no region declares as a role of the data centre. */
export const OFFICES = {
  "kepala-opd": text("kepala OPD masing-masing", "the head of each OPD"),
  "sekretaris-daerah": text("sekretaris daerah", "the regional secretary"),
  "kepala-lpse": text("kepala LPSE", "head of the LPSE"),
} as const satisfies Readonly<Record<string, Text>>;

export const RESPONSIBLE = { ...ROLES, ...OFFICES } as const;

export type Responsible = keyof typeof RESPONSIBLE;

export const responsibleIds = Object.keys(RESPONSIBLE) as Responsible[];

/** Roles that may answer for something in a region: those that it declares, and the offices that each has. */
export const rolesOf = ({ roles }: Pick<Inventory, "roles">): ReadonlySet<string> =>
  new Set([...roles.map(({ id }) => id), ...responsibleIds]);
