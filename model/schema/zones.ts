import { z } from "zod";
import {
  address4,
  address6,
  date,
  decree,
  hostName,
  mail,
  printable,
  provenance,
  recordName,
  reference,
  say,
} from "./common.ts";

const ttl = z.int().min(1).max(2147483647);

export const zone = z.strictObject({
  name: hostName.describe(say("Nama zona, tanpa titik akhir", "Name of the zone, without final dot")),
  ttlSeconds: ttl.default(300).describe(say("Masa simpan record, detik", "Time to live of records, seconds")),
  soa: z
    .strictObject({
      hostmaster: mail.describe(say("Surel pengelola zona", "Mail address of the hostmaster")),
      refresh: ttl.default(3600).describe(say("Selang penyegaran, detik", "Refresh, seconds")),
      retry: ttl.default(600).describe(say("Selang coba ulang, detik", "Retry, seconds")),
      expire: ttl.default(1209600).describe(say("Masa berlaku salinan, detik", "Expire, seconds")),
      minimum: ttl.default(300).describe(say("Masa simpan jawaban negatif, detik", "Negative time to live, seconds")),
    })
    .describe(say("Nilai SOA", "Values of the SOA record")),
  mail: z
    .strictObject({
      exchangers: z
        .array(
          z.strictObject({
            preference: z.int().min(0).max(65535).describe(say("Urutan; kecil lebih dulu", "Preference; lower first")),
            host: hostName.describe(say("Server surel", "Mail server")),
            ipv4: address4
              .exactOptional()
              .describe(
                say(
                  "Alamat IPv4; wajib bila namanya di dalam zona daerah",
                  "IPv4 address; needed when its name lies in a zone of the region",
                ),
              ),
            ipv6: address6.exactOptional().describe(say("Alamat IPv6", "IPv6 address")),
          }),
        )
        .min(1)
        .describe(say("Server penerima surel", "Mail exchangers")),
      spf: z
        .string()
        .regex(/^v=spf1(?: [\x21-\x7e]+)*$/, say("teks yang diawali v=spf1", "a text that starts with v=spf1"))
        .describe(say("Kebijakan pengirim (SPF)", "Sender policy (SPF)")),
      dmarc: z
        .string()
        .regex(/^v=DMARC1;[\x20-\x7e]*$/, say("teks yang diawali v=DMARC1;", "a text that starts with v=DMARC1;"))
        .exactOptional()
        .describe(say("Kebijakan DMARC", "DMARC policy")),
    })
    .exactOptional()
    .describe(
      say(
        "Surel; kosong berarti domain tidak mengirim dan menerima surel",
        "Mail; absent means that the domain neither sends nor receives mail",
      ),
    ),
  caa: z
    .array(
      z.strictObject({
        tag: z.enum(["issue", "issuewild", "iodef"]).describe(say("Jenis CAA", "CAA tag")),
        value: printable.describe(
          say(
            "Nilai CAA; issue berisi titik koma saja berarti tak seorang pun",
            "CAA value; a lone semicolon for issue means nobody",
          ),
        ),
      }),
    )
    .default([])
    .describe(say("Otoritas yang boleh menerbitkan sertifikat", "Authorities that may issue certificates")),
  txt: z
    .array(
      z.strictObject({
        name: recordName.describe(say("Nama record lengkap", "Full name of the record")),
        value: printable.describe(say("Isi", "Value")),
      }),
    )
    .default([])
    .describe(say("Record TXT lain", "Other TXT records")),
  ...provenance,
});

/** A host name given by decree. It serves one thing: the portal, an OPD's site, an application, or the code repository. */
export const subdomain = z.strictObject({
  host: hostName.describe(say("Nama host lengkap", "Full host name")),
  status: z
    .enum(["active", "reserved", "withdrawn"])
    .default("active")
    .describe(
      say("active diterbitkan; reserved dan withdrawn tidak", "active is published; reserved and withdrawn are not"),
    ),
  owner: reference.describe(say("Id OPD pemilik", "Id of the OPD that owns it")),
  decree: decree.describe(
    say("Keputusan kepala Diskominfo tentang pemakaian", "Decree of the head of the Diskominfo on its use"),
  ),
  expires: date.describe(say("Tanggal berakhir", "Date on which it expires")),
  portal: z
    .literal(true)
    .exactOptional()
    .describe(say("Benar bila melayani portal daerah", "True if it serves the region's portal")),
  code: z
    .literal(true)
    .exactOptional()
    .describe(say("Benar bila melayani repositori kode", "True if it serves the code repository")),
  opd: reference.exactOptional().describe(say("Id OPD yang situsnya dilayani", "Id of the OPD whose site it serves")),
  application: reference
    .exactOptional()
    .describe(say("Id aplikasi yang dilayani", "Id of the application that it serves")),
  ...provenance,
});

export const zones = z.array(zone).describe(say("Zona nama", "Zones"));
export const subdomains = z
  .array(subdomain)
  .describe(say("Subdomain dengan pemilik, keputusan dan masa berlaku", "Subdomains with owner, decree and expiry"));

export type Zone = z.output<typeof zone>;
export type Subdomain = z.output<typeof subdomain>;
