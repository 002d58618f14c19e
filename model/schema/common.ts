/** Small shapes that the kinds share. */
import { z } from "zod";
import { parseAddress, parseSubnet } from "../derive/addresses.ts";
import { say } from "../text.ts";

/** Description of a field, in both languages: what an editor shows. */
export { say } from "../text.ts";

const slugPattern = /^[a-z](?:-?[a-z0-9])*$/;
const hostPattern = /^(?=.{1,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const labelPattern = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Identifier of anything declared: becomes part of names of hosts, containers and volumes. */
export const slug = z
  .string()
  .max(40)
  .regex(
    slugPattern,
    say(
      "huruf kecil, angka dan tanda hubung, diawali huruf",
      "lower-case letters, digits and hyphens, starting with a letter",
    ),
  );

/** Reference to the id of something declared elsewhere. */
export const reference = z.string().min(1);

/** One DNS label (RFC 1035 2.3.1, RFC 1123 2.1). */
export const label = z
  .string()
  .regex(
    labelPattern,
    say(
      "satu label DNS: huruf kecil, angka, tanda hubung, paling banyak 63",
      "one DNS label: lower-case letters, digits, hyphens, at most 63",
    ),
  );

/** Full host name, lower case, without final dot. */
export const hostName = z
  .string()
  .regex(
    hostPattern,
    say(
      "nama host lengkap dengan label DNS yang sah, huruf kecil, tanpa titik akhir",
      "a full host name of valid DNS labels, lower case, without final dot",
    ),
  );

/** Host name, or a wildcard of one level. */
export const certificateName = z
  .string()
  .regex(
    new RegExp(`^(?:\\*\\.)?${hostPattern.source.slice(1)}`),
    say("nama host, boleh diawali *.", "a host name, optionally starting with *."),
  );

/** Name below which a TXT record stands: labels may start with an underscore. */
export const recordName = z
  .string()
  .regex(
    /^(?:_?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}$/,
    say("nama record lengkap, tanpa titik akhir", "a full record name, without final dot"),
  );

export const address4 = z
  .string()
  .refine(
    (value) => parseAddress(value)?.family === 4,
    say("alamat IPv4, misalnya 10.91.0.10", "an IPv4 address such as 10.91.0.10"),
  );

export const address6 = z
  .string()
  .refine(
    (value) => parseAddress(value)?.family === 6,
    say("alamat IPv6, misalnya fd99:1::10", "an IPv6 address such as fd99:1::10"),
  );

export const subnet4 = z
  .string()
  .refine(
    (value) => parseSubnet(value)?.family === 4,
    say(
      "subnet IPv4 yang mulai di batasnya, misalnya 10.91.0.0/24",
      "an IPv4 subnet on its own boundary such as 10.91.0.0/24",
    ),
  );

export const subnet6 = z
  .string()
  .refine(
    (value) => parseSubnet(value)?.family === 6,
    say(
      "subnet IPv6 yang mulai di batasnya, misalnya fd99:1::/48",
      "an IPv6 subnet on its own boundary such as fd99:1::/48",
    ),
  );

export const date = z.iso.date();
export const seconds = z.int().min(0);
export const mebibytes = z.int().min(1);
export const mail = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9])?@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63}$/,
    say("alamat surel", "a mail address"),
  );

/** What a zone file's character string may hold without surprises. */
export const printable = z
  .string()
  .max(4000)
  .regex(/^[\x20-\x7e]+$/, say("huruf ASCII yang tercetak", "printable ASCII"));

/** Folder below `images/`, or an image by name and digest: never a path, never a tag that moves. */
export const imageName = z
  .string()
  .regex(
    /^(?:[a-z][a-z0-9-]*|[a-z0-9][\w.:/-]*@sha256:[0-9a-f]{64})$/,
    say(
      "nama folder di bawah images, atau nama image dengan @sha256:",
      "a folder below images, or an image name with @sha256:",
    ),
  );

/** Letter or decree that gives a fact its legal basis. */
export const decree = z
  .strictObject({
    number: z.string().min(1).describe(say("Nomor keputusan", "Number of the decree")),
    date: date.describe(say("Tanggal keputusan (tahun-bulan-tanggal)", "Date of the decree (year-month-day)")),
  })
  .describe(say("Keputusan yang menjadi dasar", "The decree that this rests on"));

/** Where something stands. Latitude and longitude in degrees, WGS 84. */
export const place = z
  .strictObject({
    city: z.string().min(1).describe(say("Kota atau kabupaten", "City or regency")),
    latitude: z
      .number()
      .min(-90)
      .max(90)
      .describe(say("Lintang, derajat (selatan negatif)", "Latitude in degrees (south is negative)")),
    longitude: z.number().min(-180).max(180).describe(say("Bujur, derajat", "Longitude in degrees")),
    source: z
      .enum(["unconfirmed"])
      .exactOptional()
      .describe(
        say("Isi unconfirmed bila belum dipastikan sumbernya", "Set to unconfirmed when no source confirmed it"),
      ),
  })
  .describe(say("Letak", "Place"));

/** What is known to strike data centres and their offices. */
export const threats = [
  "flood",
  "tidal-flood",
  "landslide",
  "earthquake",
  "tsunami",
  "storm",
  "fire",
  "power-cut",
  "link-cut",
] as const;

/** What can strike a place: two places that share one can be lost together. */
export const hazards = z
  .strictObject({
    riverBasin: z.string().min(1).describe(say("Daerah aliran sungai", "River basin")),
    powerGrid: z.string().min(1).describe(say("Sistem kelistrikan", "Power grid")),
    uplink: z.string().min(1).describe(say("Penyedia dan jalur sambungan internet", "Provider and path of the uplink")),
    seismicZone: z.string().min(1).describe(say("Zona gempa", "Seismic zone")),
    threats: z
      .array(z.enum(threats))
      .exactOptional()
      .describe(
        say("Ancaman yang diketahui pernah atau dapat terjadi", "Threats that are known to have struck or may"),
      ),
    source: z
      .enum(["unconfirmed"])
      .exactOptional()
      .describe(
        say("Isi unconfirmed bila belum dipastikan sumbernya", "Set to unconfirmed when no source confirmed it"),
      ),
  })
  .describe(say("Bahaya yang mengancam letak ini", "Hazards that threaten this place"));

/** Local time of a day. */
export const timeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, say("jam dan menit, misalnya 01:30", "hour and minute such as 01:30"));

/** Marks that any declared thing may carry. */
export const provenance = {
  source: z
    .enum(["unconfirmed"])
    .exactOptional()
    .describe(
      say(
        "Isi unconfirmed bila fakta belum dipastikan sumbernya",
        "Set to unconfirmed when no source confirmed the fact",
      ),
    ),
  example: z
    .boolean()
    .exactOptional()
    .describe(say("Benar bila isinya contoh rekaan", "True when the content is an invented example")),
};
