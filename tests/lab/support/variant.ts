/** Images that differ from ours by a real version where Debian offers an older one, and by a mark where it does not. */
import { tarOf } from "../../../io/images-tar.ts";
import { engine } from "./region.ts";

const NOTE = "/usr/local/share/lumbung-variant";

/** Puts each package back to the newest version below the one that is there, and notes what came of it. */
const OLDER = `#!/bin/sh
set -eu
apt-get update -qq || echo "no archive answers: marked only"
wanted=''
for package; do
  here=$(dpkg-query -W -f '\${Version}' "$package")
  older=''
  for version in $(apt-cache madison "$package" | awk '{ print $3 }' | sort -u); do
    dpkg --compare-versions "$version" lt "$here" || continue
    [ -z "$older" ] || dpkg --compare-versions "$version" gt "$older" || continue
    older=$version
  done
  if [ -n "$older" ]; then
    wanted="$wanted $package=$older"
    echo "$package: $here -> $older" >>${NOTE}
  else
    echo "$package: no older version than $here is offered: another image, the same program" >>${NOTE}
  fi
done
[ -z "$wanted" ] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --allow-downgrades $wanted
rm -rf /var/lib/apt/lists/*
echo
`;

export interface Variant {
  /** `sha256:…` */
  readonly id: string;
  /** What it differs in, one line per package. */
  readonly note: string;
}

/** Builds a variant of an image that is on the engine; the tag keeps it from being taken for waste. */
export async function variantOf(image: string, tag: string, packages: readonly string[]): Promise<Variant> {
  const user = (await engine.inspectImage(image))?.Config?.User;
  if (!user) throw new Error(`${image}: expected an image with a user, received ${JSON.stringify(user)}`);
  const lines = [
    `FROM ${image}`,
    "USER 0:0",
    "COPY older.sh /tmp/older.sh",
    `RUN sh /tmp/older.sh ${packages.join(" ")} && echo "VARIANT $(tr '\\n' ';' <${NOTE})" && rm /tmp/older.sh`,
    `USER ${user}`,
  ];
  const file = (path: string, text: string) => ({ path, mode: 0o644, content: Buffer.from(text) });
  let said = "";
  await engine.buildImage(tarOf([file("Dockerfile", lines.join("\n")), file("older.sh", OLDER)]), {
    tag,
    progress: ({ stream }) => {
      said += stream ?? "";
    },
  });
  return { id: await idOf(tag), note: /^VARIANT (\S+: .*);/m.exec(said)?.[1] ?? "the layer was built before" };
}

/** An image that ends as soon as it starts: a change that went wrong. */
export async function brokenOf(image: string, tag: string): Promise<string> {
  const dockerfile = `FROM ${image}\nENTRYPOINT ["/bin/false"]\n`;
  await engine.buildImage(tarOf([{ path: "Dockerfile", mode: 0o644, content: Buffer.from(dockerfile) }]), { tag });
  return idOf(tag);
}

async function idOf(tag: string): Promise<string> {
  const image = await engine.inspectImage(tag);
  if (!image) throw new Error(`${tag}: was built, and the engine does not know it`);
  return image.Id;
}
