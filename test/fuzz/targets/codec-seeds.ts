import type { DeltaCodec } from '@swupd/shared/delta';
import { decodeGuarded } from '../decode-guarded.ts';
import type { NamedCase } from '../fuzz-case.ts';
import { PAIRS, type Pair } from './pairs.ts';

/**
 * What `codec` makes of `pairs`, as far as it takes them.
 * @throws Error where it does not give back the target
 */
export async function codecSeeds(codec: DeltaCodec, pairs: readonly Pair[] = PAIRS): Promise<NamedCase[]> {
  const seeds: NamedCase[] = [];
  for (const { name, source, target } of pairs) {
    if (codec.estimate(source.length, target.length) === undefined) continue;
    const payload = await codec.encode(source, target);
    if (payload === undefined) continue;
    const seed: NamedCase = { name, source, payload, targetSize: target.length, reads: 'whole' };
    const made = await decodeGuarded(codec, seed);
    if (made === undefined || Buffer.compare(made, target) !== 0)
      throw new Error(`${codec.name} can't do ${name}`);
    seeds.push(seed);
  }
  return seeds;
}
