import { imageFolders } from "/work/wt/rotation/io/image-names.ts";
import { ensureImages } from "/work/wt/rotation/io/images.ts";

console.log(
  await ensureImages(await imageFolders(), { progress: ({ image, text }) => console.log(image, text.en) } as never),
);
