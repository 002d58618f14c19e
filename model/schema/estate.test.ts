/** Links, devices, cables and documents: what the schema takes and refuses. */
import { describe, expect, it } from "vitest";
import { loadAltered, problemsOf, valid } from "../testing/lab.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
type Alter = (lab: any) => void;

// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
function withEstate(lab: any): void {
  lab.links = [{ id: "ke-setda", opd: "setda", site: "dc", medium: "radio", capacityMbps: 50, status: "running" }];
  lab.assets = [
    {
      id: "rt",
      name: "Router",
      kind: "router",
      opd: "setda",
      origin: "region",
      acquired: "2025-01-06",
      status: "in-use",
    },
  ];
  lab.cables = [{ id: "kb", opd: "setda", from: { asset: "rt", port: "1" }, to: { asset: "rt", port: "2" } }];
  lab.documents = [
    {
      id: "sop",
      kind: "procedure",
      title: "SOP",
      number: "1/2025",
      date: "2025-01-06",
      expires: "2028-01-06",
      owner: "walidata",
      duties: ["gov.sop", "sso"],
    },
  ];
}

describe("the estate", () => {
  it("is taken, with its defaults", () => {
    const { links, assets, cables, documents } = valid(loadAltered(withEstate));
    expect(links[0]).toMatchObject({ medium: "radio", role: "main" });
    expect(assets[0]).toMatchObject({ kind: "router", count: 1 });
    expect(cables[0]?.labelled).toBeUndefined();
    expect(documents[0]?.duties).toEqual(["gov.sop", "sso"]);
  });

  it("may be absent: nothing is declared then", () => {
    const none: Alter = (lab) => {
      for (const kind of ["links", "assets", "cables", "documents"]) delete lab[kind];
    };
    const { links, assets, cables, documents } = valid(loadAltered(none));
    expect([links, assets, cables, documents]).toEqual([[], [], [], []]);
  });

  it.each<[path: string, code: string, alter: Alter]>([
    ["links[0].medium", "value", (lab) => (lab.links[0].medium = "fiber")],
    ["links[0].capacityMbps", "range", (lab) => (lab.links[0].capacityMbps = 0)],
    ["links[0].site", "required", (lab) => delete lab.links[0].site],
    ["assets[0].kind", "value", (lab) => (lab.assets[0].kind = "ruter")],
    ["assets[0].count", "range", (lab) => (lab.assets[0].count = 0)],
    ["assets[0].origin", "required", (lab) => delete lab.assets[0].origin],
    ["cables[0].from.port", "format", (lab) => (lab.cables[0].from.port = "port 1")],
    ["cables[0].label", "unknown-key", (lab) => (lab.cables[0].label = "rt-1")],
    ["documents[0].expires", "required", (lab) => delete lab.documents[0].expires],
    ["documents[0].owner", "required", (lab) => delete lab.documents[0].owner],
    ["documents[0].duties", "range", (lab) => (lab.documents[0].duties = [])],
    ["documents[0].duties[0]", "format", (lab) => (lab.documents[0].duties = ["SOP"])],
    ["sites[0].hazards.threats[0]", "value", (lab) => (lab.sites[0].hazards.threats = ["banjir"])],
    ["region.agencyTerm", "value", (lab) => (lab.region.agencyTerm = "opd")],
  ])("%s is told as %s", (path, code, alter) => {
    const problems = problemsOf((lab) => {
      withEstate(lab);
      alter(lab);
    });
    expect(problems.map((problem) => [problem.path, problem.code])).toEqual([[path, code]]);
  });
});

describe("waivers", () => {
  const one = { id: "w", duty: "site.drc", justification: "", approver: "", expires: "besok" };

  it("are read even where they are worth nothing: that is judged where duties are", () => {
    const { waivers } = valid(loadAltered((lab) => (lab.waivers = [one, { id: "x", duty: "tidak.ada" }])));
    expect(waivers).toEqual([one, { id: "x", duty: "tidak.ada", justification: "", approver: "", expires: "" }]);
  });

  it("without a duty are a mistake", () => {
    expect(problemsOf((lab) => (lab.waivers = [{ id: "w" }])).map(({ path, code }) => [path, code])).toEqual([
      ["waivers[0].duty", "required"],
    ]);
  });
});
