/** What the repository still offers: without packs the client takes deltas, without those whole files. */
export type Source = 'packs' | 'deltas' | 'fullfiles';

export const SOURCES: readonly Source[] = ['packs', 'deltas', 'fullfiles'];

/** One step on the way to a device: a command of the client, or something that a user or an accident does. */
export type Step = { readonly run: readonly string[] } | { readonly do: 'damage' };

/** A device, and the command that is cut off on it. */
export interface Scenario {
  readonly name: string;
  /** How to get to the device from an empty root. Devices with the same steps are made once. */
  readonly base: readonly Step[];
  readonly command: readonly string[];
  readonly source: Source;
  /** What is installed afterwards. */
  readonly leads: { readonly version: number; readonly bundles: readonly string[] };
}

const TEN: Step = { run: ['os-install', '-V', '10'] };
const EDITORS: Step = { run: ['os-install', '-V', '10', '-B', 'editors'] };
const UPDATE: Step = { run: ['update'] };

const CORE = ['os-core'];
const BOTH = ['os-core', 'editors'];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'install',
    base: [],
    command: ['os-install', '-V', '10', '-B', 'editors'],
    source: 'packs',
    leads: { version: 10, bundles: BOTH },
  },
  ...SOURCES.map((source) => ({
    name: `update-${source}`,
    base: [EDITORS],
    command: ['update'],
    source,
    leads: { version: 20, bundles: BOTH },
  })),
  {
    name: 'bundle-add',
    base: [TEN],
    command: ['bundle-add', 'editors'],
    source: 'packs',
    leads: { version: 10, bundles: BOTH },
  },
  {
    name: 'bundle-remove',
    base: [EDITORS],
    command: ['bundle-remove', 'editors'],
    source: 'packs',
    leads: { version: 10, bundles: CORE },
  },
  {
    name: 'verify-fix',
    base: [EDITORS, { do: 'damage' }],
    command: ['verify', '--fix'],
    source: 'fullfiles',
    leads: { version: 10, bundles: BOTH },
  },
  {
    name: 'rollback',
    base: [EDITORS, UPDATE],
    command: ['rollback'],
    source: 'packs',
    leads: { version: 10, bundles: BOTH },
  },
  {
    name: 'clean',
    base: [EDITORS, UPDATE],
    command: ['clean', '--all'],
    source: 'packs',
    leads: { version: 20, bundles: BOTH },
  },
];

/** Finishes or takes back what was cut off. */
export const RECOVER: readonly string[] = ['recover'];
