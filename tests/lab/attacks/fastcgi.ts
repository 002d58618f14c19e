/** One FastCGI request (specification 1.0, open-market) in bytes: what whoever controls nginx could send to PHP-FPM. */
export function fastcgiGet(script: string): Buffer {
  const begin = record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]));
  const parameters = {
    SCRIPT_FILENAME: script,
    SCRIPT_NAME: "/x.php",
    REQUEST_METHOD: "GET",
    SERVER_PROTOCOL: "HTTP/1.1",
    QUERY_STRING: "",
  };
  const pairs = Object.entries(parameters).map(([name, value]) =>
    Buffer.concat([Buffer.from([name.length, value.length]), Buffer.from(name), Buffer.from(value)]),
  );
  return Buffer.concat([
    begin,
    record(4, Buffer.concat(pairs)),
    record(4, Buffer.alloc(0)),
    record(5, Buffer.alloc(0)),
  ]);
}

function record(type: number, content: Buffer): Buffer {
  const head = Buffer.from([1, type, 0, 1, content.byteLength >> 8, content.byteLength & 255, 0, 0]);
  return Buffer.concat([head, content]);
}
