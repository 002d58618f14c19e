import { describe, expect, it } from "vitest";
import type { AppConfig } from "../../pengaduan/config.ts";
import { CALLER, certificateWords, namesOf, nodePlaces, roomAppConfig, serviceWords } from "./node-words.ts";
import {
  fpmWords,
  iniOf,
  nginxWords,
  phpPlaces,
  roomAppJson,
  roomFpmConf,
  roomNginxConf,
  stateWords,
} from "./php-words.ts";

describe("PHP", () => {
  const places = phpPlaces("/scratch/application");

  it("has the settings of production, and the restored engine's socket besides", () => {
    const production = {
      title: "PPID",
      url: "https://ppid.example",
      database: { engine: "mariadb", host: "h", port: 3306, name: "ppid", user: "ppid" },
    };
    expect(JSON.parse(roomAppJson(JSON.stringify(production), "/scratch/run/mariadbd.sock"))).toEqual({
      ...production,
      database: { ...production.database, socket: "/scratch/run/mariadbd.sock" },
    });
  });

  it("is configured as production is, and told after it where its settings are and where to log", () => {
    const conf = roomFpmConf(
      "[global]\nerror_log = /proc/self/fd/2\n[app]\ninclude = /etc/lumbung/app/php.conf",
      places,
    );
    const lines = conf.split("\n");
    // In the pool's own section, and after what it overrides.
    expect(lines.indexOf("env[LUMBUNG_CONFIG] = /scratch/application/config")).toBe(
      lines.indexOf("include = /etc/lumbung/app/php.conf") + 1,
    );
    expect(conf.lastIndexOf("error_log = /scratch/application/php-fpm.log")).toBeGreaterThan(
      conf.indexOf("error_log = /proc/self/fd/2"),
    );
    expect(conf.lastIndexOf("[global]")).toBeGreaterThan(conf.indexOf("[app]"));
  });

  it("is asked for over a unix socket alone, by the application's own rules", () => {
    const conf = roomNginxConf(places);
    expect(conf.match(/listen [^;]+;/g)).toEqual(["listen unix:/scratch/application/http.sock;"]);
    expect(conf).toContain("include /etc/lumbung/app/nginx.conf;");
    // Variables that the files of images/php use.
    for (const name of ["$upload_disposition", "$request_shown"])
      expect(conf).toMatch(new RegExp(`map \\$uri \\${name} `));
  });

  it("is started in the foreground with the application's own settings of PHP", () => {
    expect(fpmWords(places, "/run/application")).toEqual([
      ...["php-fpm8.4", "--nodaemonize", "--force-stderr", "--fpm-config", "/scratch/application/php-fpm.conf"],
      ...["-c", "/run/application/php/fpm/php.ini"],
    ]);
    expect(nginxWords(places).join(" ")).toBe("nginx -e stderr -c /scratch/application/nginx.conf -g daemon off;");
    expect(stateWords("/run/application").at(-1)).toBe("state");
    expect(iniOf("/run/application", "cli")).toEqual({ PHP_INI_SCAN_DIR: "/run/application/php/cli/conf.d" });
  });
});

describe("a service of ours", () => {
  const places = nodePlaces("/scratch/application");
  const production: AppConfig = {
    ...{
      region: "Kabupaten Contoh",
      title: "Pengaduan",
      timezone: "Asia/Jakarta",
      port: 8443,
      opds: [],
      limit: { burst: 1, perMinute: 1 },
    },
    database: {
      ...{ host: "postgres-utama.lab.internal", port: 5432, name: "pengaduan", user: "pengaduan" },
      ...{
        passwordFile: "/config/current/secrets/database-password",
        previousPasswordFile: "/config/current/secrets/database-password-previous",
      },
      caFile: "/config/current/tls/ca.crt",
    },
    tls: {
      ...{
        certFile: "/config/current/tls/server.crt",
        keyFile: "/config/current/tls/server.key",
        caFile: "/config/current/tls/ca.crt",
      },
      ...{
        name: "app-pengaduan.dc.lab.internal",
        clients: ["gateway.dc.lab.internal"],
        monitors: ["ops.dc.lab.internal"],
      },
    },
  };

  it("has production's configuration but for the files of this drill and who may ask", () => {
    const config = JSON.parse(roomAppConfig(JSON.stringify(production), places)) as AppConfig;
    expect(JSON.stringify(config)).not.toContain("/config/current");
    expect(config).toMatchObject({
      ...{ title: "Pengaduan", port: 8443 },
      database: {
        host: "postgres-utama.lab.internal",
        name: "pengaduan",
        user: "pengaduan",
        caFile: places.certificate,
      },
      tls: { name: "app-pengaduan.dc.lab.internal", clients: [CALLER], keyFile: places.key },
    });
    expect(config.database).not.toHaveProperty("previousPasswordFile");
  });

  it("is known to itself and to its database by the names of production, for a day", () => {
    const names = namesOf(JSON.stringify(production));
    expect(names).toEqual(["postgres-utama.lab.internal", "app-pengaduan.dc.lab.internal"]);
    const words = certificateWords(places, names).join(" ");
    expect(words).toContain(
      "-days 1 -subj /CN=drill -addext subjectAltName=DNS:postgres-utama.lab.internal,DNS:app-pengaduan.dc.lab.internal",
    );
  });

  it("is the bundle of production, with its sockets turned into unix sockets before it begins", () => {
    expect(serviceWords("/run/application").slice(-3)).toEqual([
      "--import",
      "/run/application/unix-sockets.mjs",
      "/run/application/pengaduan.mjs",
    ]);
  });
});
