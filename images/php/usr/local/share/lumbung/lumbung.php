<?php
// What an application's own configuration asks for: settings, secrets and keys, as they are at this very request.
declare(strict_types=1);

namespace Lumbung;

// A drill room, which runs a restored application beside other things, has its configuration elsewhere.
define('Lumbung\CONFIG', (getenv('LUMBUNG_CONFIG') ?: '/config') . '/current');
/** How long after a delivery the database may still be learning a new password. */
const CHANGE_SECONDS = 15;

/** What components/php/settings.ts says. In a drill room `database.socket` besides: a restored engine has no network, and knows us by the kernel's word. */
function settings(): array
{
    static $settings = null;
    return $settings ??= json_decode(file_get_contents(CONFIG . '/app.json'), true, 16, JSON_THROW_ON_ERROR);
}

/** A secret by its file's name: database-password, application, admin-password. */
function secret(string $name, string $folder = CONFIG): string
{
    $value = file_get_contents("$folder/secrets/$name");
    if ($value === false || $value === '') {
        throw new \RuntimeException("secrets/$name: expected a secret, received none");
    }
    return $value;
}

/** A key of 64 hexadecimal digits for one purpose of this application (RFC 5869), the same at both sites. */
function key(string $purpose): string
{
    return hash_hkdf_hex(secret('application'), settings()['application'] . '/' . $purpose);
}

function hash_hkdf_hex(string $secret, string $info): string
{
    return bin2hex(hash_hkdf('sha256', $secret, 32, $info));
}

/**
 * The password that the database takes. While one is being changed, the database may still know only the one before: until it was seen to
 * take the new one, it is asked, once per request.
 */
function databasePassword(): string
{
    static $password = null;
    if ($password !== null) {
        return $password;
    }
    if (isset(settings()['database']['socket'])) {
        return $password = '';
    }
    // Both from the same delivery, though a newer one may come in between.
    $generation = dirname(CONFIG) . '/' . readlink(CONFIG);
    $new = secret('database-password', $generation);
    if (!is_file("$generation/secrets/database-password-previous")) {
        return $password = $new;
    }
    $taken = '/tmp/database-password-taken';
    if (@file_get_contents($taken) === $generation) {
        return $password = $new;
    }
    while (($accepted = accepts($new)) === false) {
        // MariaDB takes the one before for a day. PostgreSQL knows one at a time and learns the new one within seconds: what is handed out
        // meanwhile might not count any more when it is used, so that is waited for.
        $waits = settings()['database']['engine'] === 'postgresql' && time() < lstat(CONFIG)['ctime'] + CHANGE_SECONDS;
        if (!$waits) {
            return $password = secret('database-password-previous', $generation);
        }
        usleep(100_000);
    }
    if ($accepted) {
        file_put_contents($taken, $generation);
    }
    return $password = $new;
}

/** Whether the database takes this password; null where it could not be asked. */
function accepts(#[\SensitiveParameter] string $password): ?bool
{
    try {
        connect($password);
        return true;
    } catch (\PDOException $error) {
        // 1045: MariaDB's "access denied"; of PostgreSQL the library tells no code before it is connected, only its text.
        $denied = ($error->errorInfo[1] ?? 0) === 1045 || str_contains($error->getMessage(), 'password authentication failed');
        return $denied ? false : null;
    }
}

/** The application's database, over TLS with the server's certificate and name verified. Waits at most 5 seconds for it. */
function database(): \PDO
{
    return connect(databasePassword());
}

function connect(#[\SensitiveParameter] string $password): \PDO
{
    ['engine' => $engine, 'host' => $host, 'port' => $port, 'name' => $name, 'user' => $user] = settings()['database'];
    $ca = CONFIG . '/tls/ca.crt';
    $options = [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION, \PDO::ATTR_TIMEOUT => 5];
    $socket = settings()['database']['socket'] ?? null;
    if ($socket !== null) {
        $dsn = $engine === 'postgresql' ? "pgsql:host=$socket;dbname=$name" : "mysql:unix_socket=$socket;dbname=$name;charset=utf8mb4";
        return new \PDO($dsn, $user, $password, $options);
    }
    if ($engine === 'postgresql') {
        $dsn = "pgsql:host=$host;port=$port;dbname=$name;sslmode=verify-full;sslrootcert=$ca";
    } else {
        $dsn = "mysql:host=$host;port=$port;dbname=$name;charset=utf8mb4";
        $options += [\PDO::MYSQL_ATTR_SSL_CA => $ca, \PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true];
    }
    return new \PDO($dsn, $user, $password, $options);
}

/** Takes room for an upload, or says (in the declared languages) why there is none. The quota counts what `uploads` measured plus what came since. */
function refusal(int $bytes): ?string
{
    $quota = settings()['uploads']['quotaBytes'] ?? 0;
    $file = @fopen('/run/lumbung/uploads-bytes', 'r+');
    if ($file === false) {
        return 'Unggahan belum dapat diterima, coba lagi sebentar lagi. / Uploads cannot be taken yet, please try again in a moment.';
    }
    flock($file, LOCK_EX);
    $used = (int) stream_get_contents($file) + $bytes;
    if ($used <= $quota) {
        rewind($file);
        fwrite($file, (string) $used);
        fflush($file);
    }
    fclose($file);
    if ($used <= $quota) {
        return null;
    }
    $limit = intdiv($quota, 1048576);
    return "Ruang unggahan aplikasi ini ($limit MiB) penuh. Hapus berkas yang tidak dipakai, atau hubungi Diskominfo. / "
        . "This application's room for uploads ($limit MiB) is full. Delete files that are not needed, or ask the Diskominfo.";
}
