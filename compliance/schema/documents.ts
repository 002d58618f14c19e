/** Kinds of documents that attest a duty. Each one that is handed in has an owner and an expiry (D11). */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

export const DOCUMENTS = {
  "data-centre-standard": text("hasil penilaian standar pusat data", "assessment against a data-centre standard"),
  "date-policy": text("kebijakan daerah tentang tenggat", "the region's policy on deadlines"),
  "maintenance-report": text("laporan pemeliharaan", "maintenance report"),
  "operator-deed": text("akta badan hukum penyedia", "deed of the provider's legal entity"),
  "official-use-policy": text("kebijakan pemakaian untuk kedinasan", "policy of official use"),
  "interconnection-agreement": text("perjanjian interkoneksi", "interconnection agreement"),
  "cable-inspection": text("berita acara pemeriksaan label kabel", "record of an inspection of cable labels"),
  "infrastructure-coordination": text("surat koordinasi prasarana OPD", "letter of coordination on OPD infrastructure"),
  "data-sharing-agreement": text("dasar berbagi pakai data", "basis on which data are shared"),
  "data-access-approval": text("izin akses data", "approval of access to data"),
  "device-recommendation": text("rekomendasi pengadaan perangkat", "recommendation to procure a device"),
  "granted-device-record": text(
    "catatan koordinasi perangkat pemberian",
    "record of the coordination of a granted device",
  ),
  "portal-review": text("telaah isi portal", "review of the portal's content"),
  "site-content-review": text("telaah isi situs OPD", "review of the content of OPD sites"),
  "acceptance-test": text("berita acara uji terima aplikasi", "record of an application's acceptance test"),
  "rights-deed": text("akta pengalihan hak cipta aplikasi", "deed of rights in an application"),
  "interoperability-test": text("hasil uji keterpaduan aplikasi", "result of an interoperability test"),
  "database-admin-decree": text(
    "keputusan penunjukan admin basis data",
    "decree that appoints database administrators",
  ),
  "service-level-agreement": text("perjanjian tingkat layanan", "service level agreement"),
  "procurement-archive-record": text("berita acara pengarsipan pengadaan", "record of archived procurement documents"),
  "incident-report": text("laporan insiden keamanan", "report of a security incident"),
  "minimum-standard": text("standar minimal spesifikasi TIK", "minimum specification of ICT"),
  "operating-procedures": text("himpunan standar operasional prosedur", "set of standard operating procedures"),
  "master-plan": text("rencana induk atau cetak biru", "master plan or blueprint"),
  "action-plan": text("rencana aksi perangkat daerah", "action plan of an agency"),
  "supervision-record": text("catatan pengawasan dan evaluasi", "record of supervision and evaluation"),
  "periodic-report": text("laporan berkala penyelenggaraan", "periodic report"),
  "warning-letter": text("surat teguran", "letter of warning"),
  "asset-report": text("laporan inventaris aset TIK", "report of the inventory of ICT assets"),
  "team-decree": text("keputusan pembentukan tim atau unit kerja", "decree that sets up a team or unit"),
  "training-record": text("rekaman pelatihan dan kompetensi", "record of training and competence"),
  "separation-statement": text("pernyataan tidak merangkap jabatan", "statement of separate posts"),
  "audit-assignment": text("surat tugas audit", "letter that assigns an audit"),
  "audit-report": text("laporan hasil audit", "audit report"),
  "follow-up-record": text("catatan tindak lanjut audit", "record of the follow-up of an audit"),
} as const satisfies Readonly<Record<string, Text>>;

export type DocumentKind = keyof typeof DOCUMENTS;

export const documentKinds = Object.keys(DOCUMENTS) as DocumentKind[];
