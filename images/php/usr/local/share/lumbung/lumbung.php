<?php
// What an application's own configuration asks for: settings, secrets and keys, as they are at this very request.
declare(strict_types=1);

namespace Lumbung;

const CONFIG = '/config/current';

/** What components/php/settings.ts says. */
function settings(): array
{
    static $settings = null;
    return $settings ??= json_decode(file_get_contents(CONFIG . '/app.json'), true, 16, JSON_THROW_ON_ERROR);
}

/** A secret by its file's name: database-password, application, admin-password. */
function secret(string $name): string
{
    $value = file_get_contents(CONFIG . "/secrets/$name");
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

/** The application's database, over TLS with the server's certificate and name verified. Waits at most 5 seconds for it. */
function database(): \PDO
{
    ['engine' => $engine, 'host' => $host, 'port' => $port, 'name' => $name, 'user' => $user] = settings()['database'];
    $ca = CONFIG . '/tls/ca.crt';
    $options = [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION, \PDO::ATTR_TIMEOUT => 5];
    if ($engine === 'postgresql') {
        $dsn = "pgsql:host=$host;port=$port;dbname=$name;sslmode=verify-full;sslrootcert=$ca";
    } else {
        $dsn = "mysql:host=$host;port=$port;dbname=$name;charset=utf8mb4";
        $options += [\PDO::MYSQL_ATTR_SSL_CA => $ca, \PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true];
    }
    return new \PDO($dsn, $user, secret('database-password'), $options);
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
