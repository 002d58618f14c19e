<?php
// Shown while the database is out of reach, as it is for seconds during a switch between the sites.
http_response_code(503);
header('Retry-After: 10');
header('Content-Type: text/html; charset=utf-8');
?>
<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Gangguan sementara</title>
<h1>Basis data sedang tidak terjangkau</h1><p>Silakan muat ulang halaman ini sebentar lagi.</p>
<p lang="en">The database is out of reach at the moment. Please reload this page in a moment.</p></html>
