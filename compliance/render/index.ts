/** What the rest of Lumbung uses of the renderings. */

export { type Bundle, type BundleParts, bundleOf } from "./bundle.ts";
export { ALL_WELL, COMMANDS_BEGIN, COMMANDS_END, UNSIGNED_WELL } from "./bundle-guide.ts";
export { ASSESSMENT, MANIFEST, signaturePath } from "./bundle-names.ts";
export { contradictions, type Figure, figuresOf } from "./figures.ts";
export {
  type Rendered,
  type RenderFormat,
  type RenderKind,
  render,
  renderFormats,
  renderKinds,
} from "./render.ts";
export { type Sources, sourcesOf } from "./sources.ts";
