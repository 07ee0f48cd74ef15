import type { Random } from '../../fuzz/random.ts';
import { type Draft, type DraftObject, isObject } from './draft.ts';

/** Changes one node of what is signed, anywhere in it; the right keys sign the result. */
export function editNode(signed: DraftObject, random: Random): string {
  const { parent, key, path } = random.pick(nodesOf(signed, ''));
  const value = parent[key];
  switch (random.below(8)) {
    case 0:
      delete parent[key];
      return `${path} is missing`;
    case 1:
      parent[`${key}x`] = value ?? null;
      delete parent[key];
      return `${path} is called ${key}x`;
    case 2:
      parent[`new ${random.below(3)}`] = random.pick(VALUES)();
      return `beside ${path} is a new field`;
    case 3:
      if (Array.isArray(value) && value.length > 0) {
        value.push(structuredClone(random.pick(value)));
        return `${path} has an item twice`;
      }
      parent[key] = near(value, random);
      return `${path} is ${JSON.stringify(parent[key])}`;
    case 4:
      if (isObject(value)) parent[key] = { ...value, ['a'.repeat(64)]: random.pick(VALUES)() };
      else parent[key] = near(value, random);
      return isObject(value) ? `${path} has one more` : `${path} is ${JSON.stringify(parent[key])}`;
    case 5:
      parent[key] = nested(value ?? null, 3 + random.below(20));
      return `${path} is nested`;
    case 6:
      parent[key] = near(value, random);
      return `${path} is ${JSON.stringify(parent[key])}`;
    default:
      parent[key] = random.pick(VALUES)();
      return `${path} is ${JSON.stringify(parent[key])}`;
  }
}

interface Node {
  readonly parent: DraftObject;
  readonly key: string;
  /** Key ids and digests left out. */
  readonly path: string;
}

/** All members below `value`. Lists are left as they are: their items are members of objects, or changed with the list. */
function nodesOf(value: Draft, path: string): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => nodesOf(item, `${path}[]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const below = `${path}.${/^[0-9a-f]{64}$/.test(key) ? 'ID' : key}`;
    return [{ parent: value, key, path: below }, ...nodesOf(child, below)];
  });
}

/** Something of the same kind. */
function near(value: Draft | undefined, random: Random): Draft {
  if (typeof value === 'number') return value + random.pick([-2, -1, 1, 2, 100]);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') {
    const changes = [value.toUpperCase(), value.slice(1), `${value}0`, value.slice(0, -1), ` ${value}`, ''];
    return random.pick([...changes, ...TIMES]);
  }
  if (Array.isArray(value)) return random.oneIn(2) ? value.slice(1) : [...value].reverse();
  if (!isObject(value)) return 0;
  const [first, ...rest] = Object.entries(value);
  return random.oneIn(2) || first === undefined ? Object.fromEntries(rest) : Object.fromEntries([first]);
}

const TIMES = [
  '2027-01-01T00:00:00Z',
  '2027-01-31T00:00:00Z',
  '2027-01-31T00:00:00.000Z',
  '2027-01-31T00:00:00+00:00',
  '2027-01-31t00:00:00z',
  '2027-01-31 00:00:00',
  '2027-01-31',
  '2027-02-31T00:00:00Z',
  'tomorrow',
];

const VALUES: readonly (() => Draft)[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    2,
    3,
    -1,
    100,
    2 ** 53 - 1,
    '',
    'x',
    '1',
    '1.0',
    '1.0.34',
    '2.0.0',
    '1',
    '1.0.0.0',
  ],
  ...['ab'.repeat(32), 'root', 'targets', 'ed25519', 'é\u{1f600}', '__proto__', 'a"b\\c'],
]
  .map(
    (value): (() => Draft) =>
      () =>
        value,
  )
  .concat(
    () => [],
    () => ({}),
    () => ['x'],
    () => [1],
    () => [[]],
    () => ({ x: 'y' }),
    () => ({ x: {} }),
  );

function nested(value: Draft, depth: number): Draft {
  return depth === 0 ? value : [nested(value, depth - 1)];
}
