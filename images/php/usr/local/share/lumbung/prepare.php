<?php
// prepare.php install | state | work: one line on stdout, exit 0 when the tables are as this image's version needs them.
// The application says how, in /usr/local/share/lumbung/app/application.php (see docs/handbook/php-application.md).
declare(strict_types=1);

require __DIR__ . '/lumbung.php';

/** @return array{name: string, version: string, installed: callable(PDO): ?string, install: list<string>, upgrade: list<string>, work: list<string>} */
$application = require __DIR__ . '/app/application.php';
['name' => $name, 'version' => $version] = $application;

/** Runs a program with what it needs to know in files, never in its arguments. */
function run(array $words): void
{
    $process = proc_open($words, [1 => STDERR, 2 => STDERR], $pipes);
    $code = proc_close($process);
    if ($code !== 0) {
        throw new RuntimeException(basename(end($words)) . " failed (exit $code)");
    }
}

/** One installs at a time, whichever site or process it is: the lock is the database's own and ends with the connection. */
function locked(PDO $database, string $of): bool
{
    $of = "lumbung-$of";
    $ask = Lumbung\settings()['database']['engine'] === 'postgresql'
        ? "select pg_try_advisory_lock(hashtext('$of'))::int"
        : "select get_lock('$of', 0)";
    return (int) $database->query($ask)->fetchColumn() === 1;
}

try {
    if ($argv[1] === 'work') {
        run($application['work']);
        exit(0);
    }
    $database = Lumbung\database();
    $before = $application['installed']($database);
    if ($before !== $version && $argv[1] === 'install') {
        if (!locked($database, Lumbung\settings()['application'])) {
            throw new RuntimeException('another process is installing it');
        }
        run($application[$before === null ? 'install' : 'upgrade']);
        $before = $application['installed']($database);
    }
    if ($before !== $version) {
        throw new RuntimeException($before === null ? 'not installed' : "its tables are of version $before");
    }
    $revision = Lumbung\settings()['revision'] ?? null;
    echo "$name $version installed", $revision === null ? '' : ", revision $revision", "\n";
} catch (Throwable $error) {
    echo "$name $version: ", strtr($error->getMessage(), "\n", ' '), "\n";
    exit(1);
}
