/**
 * The body behind `url`, of at most `limit` bytes; undefined where there is none (404, 403, 410).
 * @throws Error for any other answer, and for a longer body, which is not read further
 */
export async function fetchBounded(url: string, limit: number): Promise<Uint8Array | undefined> {
  const response = await fetch(url, { redirect: 'error' });
  if (!response.ok) await response.body?.cancel();
  if ([403, 404, 410].includes(response.status)) return undefined;
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) throw new Error(`${url} has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** `name` below the folder `base`, whether or not that ends in a slash. */
export function urlBelow(base: string, name: string): string {
  return `${base.replace(/\/+$/, '')}/${name}`;
}
