import { CODECS, decodeDelta } from '@swupd/shared/delta';
import { formatContainer, parseContainer } from '../../../shared/src/delta/container.ts';
import { collectGuarded, isRefusal } from '../decode-guarded.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { GuardedSource } from '../guarded-source.ts';
import { codecSeeds } from './codec-seeds.ts';
import { gzipPair } from './packed-files.ts';
import { PAIRS } from './pairs.ts';

/** Runs in a worker, and for millions of cases as a target of its own. */
const VCDIFF = 1;

const SMALLEST = PAIRS.slice(0, 3).concat(PAIRS.filter(({ name }) => name === 'edited').map(gzipPair));

/** The whole delta with its header, as a device gets it. The payload is the container; all codecs behind it. */
export const container: FuzzTarget = {
  name: 'container',

  async run(input) {
    if (codecOf(input) === VCDIFF) return undefined;
    const source = new GuardedSource(input);
    const made = await collectGuarded(decodeDelta(source, input.payload, input.targetSize), input.targetSize);
    if (source.fault !== undefined) throw source.fault;
    return made;
  },

  async makeSeeds() {
    const seeds = await Promise.all(
      CODECS.filter(({ id }) => id !== VCDIFF).map(async (codec) =>
        (await codecSeeds(codec, SMALLEST)).map((seed) => {
          const whole = formatContainer({ codecId: codec.id, payload: seed.payload });
          return { ...seed, name: `${codec.name}-${seed.name}`, payload: whole };
        }),
      ),
    );
    return seeds.flat();
  },

  mutations: [
    // The payload of one codec for another.
    (input, random) => {
      if (input.payload.length < 2) return undefined;
      const payload = Buffer.from(input.payload);
      payload.writeUInt8(random.pick(CODECS.map(({ id }) => id)), 1);
      return { ...input, payload };
    },
  ],
};

function codecOf({ payload }: FuzzCase): number | undefined {
  try {
    return parseContainer(payload).codecId;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
