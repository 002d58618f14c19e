/** Entry of the bundle: `node pengaduan.mjs` serves, `node pengaduan.mjs health` asks the one that serves. */
import { join } from "node:path";

const file = join(process.env.LUMBUNG_CONFIG ?? "/config", "current", "app.json");

async function serve(): Promise<void> {
  const { pino } = await import("pino");
  const { Service } = await import("./service.ts");
  const log = pino({ base: null });
  let service: InstanceType<typeof Service>;
  try {
    service = new Service(file, log);
  } catch (error) {
    log.fatal({ reason: (error as Error).message }, "configuration refused");
    process.exitCode = 2;
    return;
  }
  process.on("SIGHUP", () => service.reload());
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      service.stop().then(
        () => process.exit(0),
        (error: Error) => {
          log.fatal({ reason: error.message }, "did not stop in good order");
          process.exit(70);
        },
      );
    });
  await service.start();
}

if (process.argv[2] === "health") {
  const { askHealth } = await import("./health.ts");
  process.exitCode = await askHealth(file);
} else {
  await serve();
}
