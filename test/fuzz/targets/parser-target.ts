import { readFileSync } from 'node:fs';
import { SwupdError } from '@swupd/shared';
import { Finding } from '../finding.ts';
import type { FuzzCase, NamedCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { LINE_MUTATIONS } from '../mutate/mutate-lines.ts';

export interface ParserOptions {
  readonly name: string;
  /** What the parser makes of the payload, in bytes; undefined where it refuses it without an error. */
  readonly parse: (input: FuzzCase) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Whether an accepted text is its only form: `parse` then gives the bytes that the writer writes for it. */
  readonly isCanonical: boolean;
  readonly seeds: () => readonly ParserSeed[];
}

export interface ParserSeed {
  readonly name: string;
  readonly payload: Uint8Array;
  readonly source?: Uint8Array;
  readonly targetSize?: number;
}

/** A parser of text or small records. It may refuse by an error of this project, and by no other. */
export function parserTarget({ name, parse, isCanonical, seeds }: ParserOptions): FuzzTarget {
  return {
    name,
    mutations: LINE_MUTATIONS,
    async run(input) {
      const made = await parseOrRefuse(parse, input);
      if (isCanonical && made !== undefined && Buffer.compare(made, input.payload) !== 0)
        throw new Finding('unstable', 'a text is accepted that would be written in another way');
      return made;
    },
    async makeSeeds() {
      return seeds().map(
        (seed): NamedCase => ({ source: new Uint8Array(0), targetSize: 0, reads: 'whole', ...seed }),
      );
    },
  };
}

/** A golden vector of the formats. */
export function vector(name: string): Buffer {
  return readFileSync(new URL(`../../../manifests/spec/vectors/${name}`, import.meta.url));
}

/** Something that says that a value was accepted, and which one. */
export function summary(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value, plain));
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

async function parseOrRefuse(
  parse: ParserOptions['parse'],
  input: FuzzCase,
): Promise<Uint8Array | undefined> {
  try {
    return await parse(input);
  } catch (error) {
    if (error instanceof SwupdError) return undefined;
    throw error;
  }
}
