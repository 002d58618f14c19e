import { describe, expect, it } from "vitest";
import { startWords } from "./docker.mjs";
import { goEnvironment, pipInstall } from "./go.mjs";
import { installWords } from "./plugin.mjs";
import { aptInstallWords, isDebianLike, parseOsRelease } from "./system.mjs";

describe("isDebianLike", () => {
  it.each([
    ['ID=debian\nVERSION_ID="13"', true],
    ["ID=ubuntu\nID_LIKE=debian", true],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', true],
    ["ID=fedora", false],
    ['ID=rocky\nID_LIKE="rhel centos fedora"', false],
    ["", false],
  ])("%j: %s", (text, expected) => expect(isDebianLike(parseOsRelease(text))).toBe(expected));
});

describe("the words of commands", () => {
  it("installs quietly, with sudo before all else", () => {
    expect(aptInstallWords(["sudo", "-n"], ["docker.io"])).toEqual([
      ...["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=a"],
      ...["apt-get", "install", "--yes", "-o", "DPkg::Lock::Timeout=120", "docker.io"],
    ]);
  });
  it("starts the engine by systemd where there is one, else in the background", () => {
    expect(startWords(true, ["sudo", "-n"])).toEqual({
      how: "systemd",
      words: ["sudo", "-n", "systemctl", "start", "docker"],
    });
    expect(startWords(false, [])).toEqual({
      how: "background",
      words: ["dockerd", "--pidfile", "/var/run/docker.pid"],
    });
  });
  it("fetches Go by digest only", () => {
    expect(pipInstall("python3", "/r.txt", "/out")).toEqual(
      expect.arrayContaining(["--require-hashes", "--no-deps", "-r", "/r.txt", "/out"]),
    );
  });
  it("installs the plugin from a file, or from the vendor", () => {
    const words = ["pulumi", "plugin", "install", "resource", "docker", "5.2.0"];
    expect(installWords("pulumi", "5.2.0", ["--file", "/x.tgz"])).toEqual([
      ...words,
      "--file",
      "/x.tgz",
      "--non-interactive",
    ]);
    expect(installWords("pulumi", "5.2.0", [])).toEqual([...words, "--non-interactive"]);
  });
});

describe("goEnvironment", () => {
  it("lets an older Go fetch the one that the modules ask for", () => {
    expect(goEnvironment({ GOTOOLCHAIN: "local" }, "1.24.0", "1.26.0")).toMatchObject({
      GOTOOLCHAIN: "auto",
      CGO_ENABLED: "0",
    });
  });
  it("leaves a new enough Go as it is, and never changes go.mod", () => {
    expect(goEnvironment({ GOTOOLCHAIN: "local" }, "1.26.8", "1.26.0")).toMatchObject({
      GOTOOLCHAIN: "local",
      GOFLAGS: expect.stringContaining("-mod=readonly"),
    });
  });
});
