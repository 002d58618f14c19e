import { z } from "zod";
import {
  address4,
  address6,
  hazards,
  label,
  mebibytes,
  place,
  provenance,
  reference,
  say,
  slug,
  subnet4,
  subnet6,
} from "./common.ts";

/** What runs the workloads of a place. */
export const runtime = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("docker").describe(say("Satu mesin Docker", "One Docker host")),
      host: z
        .string()
        .regex(
          /^(?:ssh|tcp|unix):\/\/\S+$/,
          say(
            "ssh:, tcp: atau unix: diikuti garis miring ganda dan alamat",
            "ssh:, tcp: or unix: with two slashes and an address",
          ),
        )
        .exactOptional()
        .describe(
          say(
            "Alamat mesin, misalnya ssh://user@host; kosong berarti soket setempat",
            "Address of the host such as ssh://user@host; absent means the local socket",
          ),
        ),
    }),
    z.strictObject({
      kind: z.literal("kubernetes").describe(say("Satu klaster Kubernetes", "One Kubernetes cluster")),
      context: z.string().min(1).describe(say("Nama konteks di kubeconfig", "Name of the context in the kubeconfig")),
    }),
  ])
  .describe(say("Tempat beban kerja dijalankan", "What runs the workloads"));

const memory = (id: string, en: string) => mebibytes.exactOptional().describe(say(id, en));

/** A data centre: the primary one or the recovery one. */
export const site = z.strictObject({
  id: slug.max(16).describe(say("Id lokasi, misalnya dc", "Id of the site, for example dc")),
  name: z.string().min(1).describe(say("Nama lokasi", "Name of the site")),
  designation: z
    .enum(["primary", "recovery"])
    .describe(
      say(
        "Penetapan: primary (pusat data) atau recovery (pusat pemulihan); tidak pernah berubah saat beralih",
        "Designation: primary or recovery; a switch never changes it",
      ),
    ),
  place,
  hazards,
  operator: z
    .strictObject({
      name: z.string().min(1).describe(say("Nama badan pengelola", "Name of the operating entity")),
      indonesianEntity: z
        .boolean()
        .describe(say("Benar bila badan hukum Indonesia", "True if an Indonesian legal entity")),
    })
    .exactOptional()
    .describe(say("Pihak ketiga yang menyediakan tempat, bila ada", "Third party that provides the place, if any")),
  runtime,
  capacity: z
    .strictObject({
      cpus: z.number().positive().describe(say("Jumlah prosesor", "Number of processors")),
      memoryMiB: mebibytes.describe(say("Memori untuk beban kerja, MiB", "Memory for workloads, MiB")),
      storageGiB: z.int().min(1).describe(say("Penyimpanan, GiB", "Storage, GiB")),
      uplinkMbps: z
        .number()
        .positive()
        .describe(say("Kapasitas sambungan internet, Mbps", "Capacity of the uplink, Mbps")),
    })
    .describe(say("Kapasitas lokasi", "Capacity of the site")),
  publish: z
    .strictObject({
      ipv4: address4.describe(
        say("Alamat IPv4 tempat nama dan gerbang diterbitkan", "IPv4 address on which names and gateway are published"),
      ),
      ipv6: address6
        .exactOptional()
        .describe(
          say(
            "Alamat IPv6 tempat nama dan gerbang diterbitkan",
            "IPv6 address on which names and gateway are published",
          ),
        ),
    })
    .describe(say("Alamat publik lokasi", "Public addresses of the site")),
  network: z
    .strictObject({
      subnet: subnet4.describe(say("Jaringan IPv4 beban kerja", "IPv4 network of the workloads")),
      subnet6: subnet6.exactOptional().describe(say("Jaringan IPv6 beban kerja", "IPv6 network of the workloads")),
      backboneOffset: z
        .int()
        .min(0)
        .default(0)
        .describe(
          say(
            "Ditambahkan pada nomor slot untuk alamat di backbone, supaya dua lokasi tidak bertabrakan",
            "Added to a slot for its address on the backbone, so that two sites never collide",
          ),
        ),
    })
    .describe(say("Jaringan lokasi", "Network of the site")),
  custodians: z
    .array(reference)
    .default([])
    .describe(
      say(
        "Id peran yang memegang rahasia situs ini; hanya mereka yang dapat membuka berkas serah terimanya",
        "Ids of the roles that hold this site's secrets; only they can open its handover",
      ),
    ),
  nameServer: label.describe(say("Label server nama, misalnya ns1", "Label of the name server, for example ns1")),
  memoryMiB: z
    .strictObject({
      config: memory("Batas memori config, MiB", "Memory limit of config, MiB"),
      etcd: memory("Batas memori etcd, MiB", "Memory limit of etcd, MiB"),
      epoch: memory("Batas memori penyimpan epoch, MiB", "Memory limit of the epoch store, MiB"),
      dns: memory("Batas memori server nama, MiB", "Memory limit of the name server, MiB"),
      gateway: memory("Batas memori gerbang, MiB", "Memory limit of the gateway, MiB"),
      web: memory("Batas memori server web, MiB", "Memory limit of the web server, MiB"),
      objects: memory("Batas memori penyimpanan objek, MiB", "Memory limit of the object store, MiB"),
      code: memory("Batas memori repositori kode, MiB", "Memory limit of the code repository, MiB"),
      signer: memory("Batas memori penanda tangan bukti, MiB", "Memory limit of the signer of evidence, MiB"),
      backup: memory("Batas memori cadangan, MiB", "Memory limit of backups, MiB"),
      drill: memory("Batas memori ruang latihan pemulihan, MiB", "Memory limit of the drill room, MiB"),
      ops: memory("Batas memori ops, MiB", "Memory limit of ops, MiB"),
    })
    .exactOptional()
    .describe(say("Batas memori yang menyimpang dari bawaan", "Memory limits that differ from the defaults")),
  costCentre: reference.exactOptional().describe(say("Id pusat biaya", "Id of the cost centre")),
  ...provenance,
});

export const sites = z
  .array(site)
  .describe(say("Pusat data dan pusat pemulihan", "The data centre and the recovery centre"));

export const backbone = z
  .strictObject({
    subnet: subnet4.describe(say("Jaringan IPv4 penghubung kedua lokasi", "IPv4 network that joins the sites")),
    subnet6: subnet6.exactOptional().describe(say("Jaringan IPv6 penghubung", "IPv6 network that joins the sites")),
    capacityMbps: z
      .number()
      .positive()
      .exactOptional()
      .describe(say("Kapasitas backbone, Mbps", "Capacity of the backbone, Mbps")),
  })
  .describe(say("Backbone antara lokasi", "Backbone between the sites"));

export type Site = z.output<typeof site>;
export type Backbone = z.output<typeof backbone>;
