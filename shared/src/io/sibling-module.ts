/** The URL of a sibling module of `base` (`import.meta.url`) without its extension, both unbuilt (.ts) and built (.js). */
export function siblingModule(base: string, name: string): URL {
  return new URL(`${name}${base.slice(base.lastIndexOf('.'))}`, base);
}
