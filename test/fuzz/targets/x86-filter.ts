import { filterX86, X86Unfilter } from '@swupd/shared';
import { Finding } from '../finding.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { program } from './program.ts';

/** Takes the filter of stored programs away, in chunks of any size. The payload is the filtered program. */
export const x86FilterTarget: FuzzTarget = {
  name: 'x86-filter',

  run(input) {
    const whole = unfilter(input, input.payload.length + 1);
    const parts = unfilter(input, 1 + (((input.payload[0] ?? 0) + input.payload.length) % 61));
    if ((whole === undefined) !== (parts === undefined) || (whole && parts && !whole.equals(parts))) {
      throw new Finding('unstable', 'the result depends on how the bytes come');
    }
    return whole;
  },

  async makeSeeds() {
    return [152, 600, 901].flatMap((size, index) => {
      const bytes = program({ machine: 'x86', size, shift: 11 * index });
      const payload = filterX86(bytes);
      const name = `program-${index}`;
      return payload === undefined
        ? []
        : [{ name, source: new Uint8Array(0), reads: 'whole', payload, targetSize: bytes.length }];
    });
  },
};

/** All that comes out, or undefined where it is refused or has another size than what went in. */
function unfilter({ payload, targetSize }: FuzzCase, chunkSize: number): Buffer | undefined {
  const filter = new X86Unfilter(targetSize);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += chunkSize) {
    // A copy: what goes in may be anybody's memory, and must stay as it is.
    const chunk = new Uint8Array(payload.subarray(at, at + chunkSize));
    parts.push(filter.push(chunk));
    if (Buffer.compare(chunk, payload.subarray(at, at + chunkSize)) !== 0) {
      throw new Finding('unstable', 'the bytes of the caller are changed');
    }
  }
  parts.push(filter.finish());
  if (filter.isRejected) return undefined;
  const made = Buffer.concat(parts);
  if (made.length !== payload.length)
    throw new Finding('too-much', `${made.length} of ${payload.length} bytes`);
  return made.length === targetSize ? made : undefined;
}
