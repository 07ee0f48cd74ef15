import { Random } from '../../fuzz/random.ts';
import type { Exchange } from './exchange.ts';
import { VOCABULARY } from './vocabulary.ts';

/** What the server is up to during one command. */
export interface Mood {
  /** In words, for whoever looks at a try again. */
  readonly text: string;
  readonly answer: (name: string, count: number) => ((exchange: Exchange) => void) | undefined;
}

/** Which objects it happens to. */
const SCOPES: Readonly<Record<string, RegExp>> = {
  everything: /^/,
  'all but metadata': /^(?!metadata|releases)/,
  metadata: /^(?:metadata|releases)\//,
  documents: /^documents\//,
  content: /^(?:packs|deltas|blobs)\//,
  packs: /^packs\//,
  'packs and deltas': /^(?:packs|deltas)\//,
  blobs: /^blobs\//,
};
/** One request in so many. */
const RATES = [1, 1, 2, 3, 10];
/** Objects of which the first answers are wrong, and later ones honest. */
const PATIENCE = [1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

/** A mood with one to four of the faults in `vocabulary`. The answer to a request depends on its name and count only, not on the order in which they come. */
export function chooseMood(random: Random, vocabulary: readonly string[]): Mood {
  const names = Array.from({ length: 1 + random.below(1 + random.below(4)) }, () => random.pick(vocabulary));
  const scope = random.pick(Object.keys(SCOPES));
  const rate = random.pick(RATES);
  const patience = random.pick(PATIENCE);
  // Sources that are simply not there lead on to the others.
  const missing = random.oneIn(3)
    ? random.pick([/^packs\//, /^deltas\//, /^(?:packs|deltas)\//, /^blobs\//])
    : undefined;
  const seed = random.word();
  return {
    text: `${names.join(', ')}; 1 in ${rate} of ${scope}, ${patience} times${missing === undefined ? '' : `; without ${missing.source}`}`,
    answer(name, count) {
      const dice = new Random(seed ^ hashOf(`${name} ${count}`));
      if (missing?.test(name)) return ({ response }) => response.writeHead(404).end();
      if (count >= patience || SCOPES[scope]?.test(name) !== true || !dice.oneIn(rate)) return undefined;
      const fault = VOCABULARY[dice.pick(names)];
      return fault === undefined ? undefined : (exchange) => fault(exchange, dice);
    },
  };
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
