import type { PathClass } from '@swupd/manifests';
import { bytesOf, type RepoPath } from '@swupd/shared';
import picomatch from 'picomatch';

/** Glob patterns on absolute paths, by class. */
export interface ClassPatterns {
  readonly config: readonly string[];
  readonly state: readonly string[];
  readonly ghost: readonly string[];
  readonly boot: readonly string[];
}

const ORDER = ['boot', 'ghost', 'state', 'config'] as const;

/**
 * The function that gives a path its class: the first of boot, ghost, state, config that has a pattern for it. Patterns see
 * the text that the path spells in UTF-8, hidden names included.
 */
export function pathClassifier(patterns: ClassPatterns): (path: RepoPath) => PathClass {
  const rules = ORDER.filter((name) => patterns[name].length > 0).map((name) => ({
    name,
    matches: picomatch([...patterns[name]], { dot: true }),
  }));
  if (rules.length === 0) return () => 'managed';
  return (path) => {
    const text = `/${bytesOf(path).toString('utf8')}`;
    return rules.find(({ matches }) => matches(text))?.name ?? 'managed';
  };
}
