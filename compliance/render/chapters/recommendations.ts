/** What to do, by priority; and what became of what was found before. Pure. */
import { text } from "../../../model/text.ts";
import { type FollowUp, followUps } from "../../assessment.ts";
import type { Block, Chapter } from "../document.ts";
import { code, day, moment, prose, word } from "../document.ts";
import { alike, type Sources, titleOf } from "../sources.ts";
import { LEVELS, STATUSES, WORDS } from "../words.ts";

export function recommendationsChapter(sources: Sources): Chapter {
  return {
    id: "rekomendasi",
    title: text("Rekomendasi", "Recommendations"),
    newPage: true,
    blocks: [
      prose(
        text(
          "Rekomendasi diurutkan menurut prioritas, yang ditimbang dari biaya, manfaat, dan risiko. Jawaban diharapkan dalam 60 hari sejak temuan dibuka.",
          "Recommendations are in order of priority, which is weighed by cost, benefit and risk. A reply is expected within 60 days of the opening of a finding.",
        ),
      ),
      {
        kind: "table",
        caption: WORDS.recommendation,
        columns: [
          { title: WORDS.priority, width: 10 },
          { title: WORDS.recommendation },
          { title: text("Biaya, manfaat, risiko", "Cost, benefit, risk"), width: 15 },
          { title: WORDS.owner, width: 20 },
          { title: WORDS.due, width: 13 },
        ],
        rows: sources.open.map((one) => [
          alike(`${one.priority.rank}`),
          [word(one.recommendation), code(one.id)],
          (["cost", "benefit", "risk"] as const).map((key) => word(LEVELS[one.priority[key]])),
          word(one.owner.title),
          one.overdue ? [day(one.due), word(WORDS.overdue, "bad")] : day(one.due),
        ]),
        empty: text(
          "Tidak ada rekomendasi: tidak ada temuan terbuka.",
          "There is no recommendation: no finding is open.",
        ),
      },
    ],
  };
}

export function followUpChapter(sources: Sources): Chapter {
  const { assessment, figure } = sources;
  const words = Object.keys(followUps) as FollowUp[];
  return {
    id: "tindak-lanjut",
    title: text("Tindak lanjut", "Follow-up"),
    blocks: [
      {
        kind: "table",
        caption: text("Temuan menurut keadaan tindak lanjut", "Findings by the state of their follow-up"),
        columns: [{ title: WORDS.followUp, width: 60 }, { title: WORDS.together }],
        rows: words.map((one) => [word(followUps[one]), figure(`findings.follow-up.${one}`)]),
        empty: WORDS.none,
      },
      {
        kind: "table",
        caption: text("Riwayat tiap temuan", "History of each finding"),
        columns: [
          { title: WORDS.at, width: 20 },
          { title: WORDS.finding, width: 28 },
          { title: WORDS.followUp, width: 18 },
          { title: WORDS.history },
        ],
        rows: assessment.findings.flatMap((finding) =>
          finding.history.map(({ at, word: said, note, evidence }) => [
            moment(at),
            code(finding.id),
            word(followUps[said]),
            evidence === null ? word(note) : [word(note), code(evidence.id)],
          ]),
        ),
        empty: WORDS.none,
      },
    ],
  };
}

export function changesChapter(sources: Sources): Chapter {
  const { assessment, figure } = sources;
  const { changes } = assessment;
  return {
    id: "perubahan",
    title: text("Perubahan sejak penilaian sebelumnya", "Changes since the last assessment"),
    blocks:
      changes === null
        ? [
            prose(
              text(
                "Ini penilaian pertama: tidak ada pembandingnya.",
                "This is the first assessment: there is none to compare it with.",
              ),
            ),
          ]
        : [
            prose(
              text(
                "Dibandingkan dengan penilaian {since}: {duties} kewajiban berubah status, {opened} temuan baru, {reopened} muncul kembali, {closed} selesai.",
                "Compared with the assessment of {since}: {duties} duties changed their status, {opened} findings were opened, {reopened} came back, {closed} were closed.",
              ),
              {
                since: moment(changes.since),
                duties: figure("changes.duties"),
                opened: figure("changes.opened"),
                reopened: figure("changes.reopened"),
                closed: figure("changes.closed"),
              },
            ),
            changedDuties(sources),
            changedFindings(sources),
          ],
  };
}

function changedDuties(sources: Sources): Block {
  return {
    kind: "table",
    caption: text("Kewajiban yang berubah status", "Duties whose status changed"),
    columns: [{ title: WORDS.duty }, { title: WORDS.before, width: 22 }, { title: WORDS.now, width: 22 }],
    rows: (sources.assessment.changes?.duties ?? []).map(({ id, before, after }) => [
      [word(titleOf(sources, id)), code(id)],
      word(STATUSES[before]),
      word(STATUSES[after]),
    ]),
    empty: text("Tidak ada yang berubah.", "None changed."),
  };
}

function changedFindings({ assessment }: Sources): Block {
  const changes = assessment.changes;
  const rows = (ids: readonly string[], how: ReturnType<typeof text>) => ids.map((id) => [code(id), word(how)]);
  return {
    kind: "table",
    caption: text("Temuan yang berubah", "Findings that changed"),
    columns: [{ title: WORDS.finding }, { title: WORDS.state, width: 30 }],
    rows: [
      ...rows(changes?.opened ?? [], text("baru", "opened")),
      ...rows(changes?.reopened ?? [], text("muncul kembali", "reopened")),
      ...rows(changes?.closed ?? [], text("selesai", "closed")),
    ],
    empty: text("Tidak ada yang berubah.", "None changed."),
  };
}
