/** What a disk writes at once. Smaller than a file system's block, so that small files are torn as well. */
const SECTOR = 512;

const torn = new WeakMap<Buffer, WeakMap<Buffer, readonly Buffer[]>>();

/**
 * What a cut may leave of a file whose durable content is the first of `versions`, where a program has written the others one
 * after the other: any of them; the last one cut short between two sectors; its size with nothing but zeros in what came new
 * (size without data); or both, its first sectors and zeros.
 */
export function possibleContents(versions: readonly Buffer[]): readonly Buffer[] {
  const found: Buffer[] = [];
  versions.forEach((version, i) => {
    found.push(version);
    const before = versions[i - 1];
    if (before !== undefined) found.push(...tornContents(before, version));
  });
  return found.filter((one, i) => found.findIndex((other) => other.equals(one)) === i);
}

/** Made once for each pair of contents, so that a content can be recognised by its identity. */
function tornContents(before: Buffer, after: Buffer): readonly Buffer[] {
  const known = torn.get(before)?.get(after);
  if (known !== undefined) return known;
  const same = commonLength(before, after);
  const zeros = Buffer.concat([after.subarray(0, same), Buffer.alloc(after.length - same)]);
  const result = after.length <= same ? [] : [zeros];
  const middle = Math.ceil((same + after.length) / 2 / SECTOR) * SECTOR;
  if (middle > same && middle < after.length) {
    const start = after.subarray(0, middle);
    result.push(Buffer.from(start), Buffer.concat([start, zeros.subarray(middle)]));
  }
  const cache = torn.get(before) ?? new WeakMap<Buffer, readonly Buffer[]>();
  cache.set(after, result);
  torn.set(before, cache);
  return result;
}

function commonLength(a: Buffer, b: Buffer): number {
  const limit = Math.min(a.length, b.length);
  for (let i = 0; i < limit; i++) if (a[i] !== b[i]) return i;
  return limit;
}
