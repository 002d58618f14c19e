import { z } from "zod";
import { provenance, reference, say, slug } from "./common.ts";

/** A role is held by a post, never by a named person. */
export const role = z.strictObject({
  id: slug.describe(say("Id peran", "Id of the role")),
  post: z
    .string()
    .min(1)
    .describe(say("Jabatan pemegang peran, tanpa nama orang", "Post that holds the role, without a person's name")),
  opd: reference.describe(say("Id OPD", "Id of the OPD")),
  description: z.string().exactOptional().describe(say("Wewenang", "What the role may do")),
  ageRecipients: z
    .array(
      z
        .string()
        .regex(
          /^age1[02-9ac-hj-np-z]{58}$/,
          say("kunci publik age: age1 dan 58 huruf", "a public age key: age1 and 58 characters"),
        ),
    )
    .default([])
    .describe(
      say(
        "Kunci publik age pemegang peran, untuk membuka berkas serah terima situs; kunci pribadi tidak pernah di sini",
        "Public age keys of the role's holder, who opens a site's handover with them; never a private one",
      ),
    ),
  sshKeys: z
    .array(
      z
        .string()
        .regex(
          /^(?:ssh-ed25519|ecdsa-sha2-nistp256|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+={0,2}$/,
          say(
            "kunci publik SSH: jenis (ssh-ed25519, ecdsa-sha2-nistp256, sk-ssh-ed25519@openssh.com) dan isinya, tanpa keterangan",
            "a public SSH key: type (ssh-ed25519, ecdsa-sha2-nistp256, sk-ssh-ed25519@openssh.com) and body, without a comment",
          ),
        ),
    )
    .default([])
    .describe(
      say(
        "Kunci publik SSH pemegang peran, untuk repositori kode; kunci pribadi tidak pernah di sini",
        "Public SSH keys of the role's holder, for the code repository; never a private one",
      ),
    ),
  approvalKeys: z
    .array(
      z.strictObject({
        publicKey: z
          .string()
          .regex(
            /^-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=\n-----END PUBLIC KEY-----\n?$/,
            say("kunci publik Ed25519 dalam PEM (SPKI)", "a public Ed25519 key in PEM (SPKI)"),
          )
          .exactOptional()
          .describe(
            say(
              "Kunci publik Ed25519 dalam PEM; boleh kosong hanya di lab, yang membuat kuncinya sendiri",
              "Public Ed25519 key in PEM; may be left out in a lab alone, which makes its own",
            ),
          ),
        may: z
          .array(z.enum(["approve", "override"]))
          .min(1)
          .describe(
            say(
              "approve: pekerjaan terencana; override: bersama peran lain, pengambilalihan di luar aturan",
              "approve: planned work; override: together with another role, a takeover against the rules",
            ),
          ),
      }),
    )
    .default([])
    .describe(
      say(
        "Kunci publik pemegang peran untuk menyetujui peralihan; kunci pribadi dibuat dengan `lumbung approve keygen` dan tidak pernah di sini",
        "Public keys by which the role's holder approves runbooks; a private one is made by `lumbung approve keygen` and never stands here",
      ),
    ),
  ...provenance,
});

export const roles = z.array(role).describe(say("Peran yang dipegang jabatan", "Roles held by posts"));

export type Role = z.output<typeof role>;
