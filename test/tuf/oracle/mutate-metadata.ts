import type { Random } from '../../fuzz/random.ts';
import type { SimSignature } from '../simulator/sim-metadata.ts';
import {
  DRAFT_ROLES,
  type Draft,
  type DraftObject,
  type DraftRepository,
  isObject,
  type Mutation,
  writePlain,
} from './draft.ts';

/** Changes `draft` in place, or says how the file is to be written or spoilt. The same for the same numbers. */
export function mutateMetadata(draft: DraftRepository, random: Random): Mutation {
  const role = random.pick(DRAFT_ROLES);
  const mutation = { role, write: writePlain, spoil: (bytes: Buffer): Buffer => bytes };
  switch (random.below(10)) {
    case 0:
      return { ...mutation, ...spoilBytes(random) };
    case 1:
      return { ...mutation, ...changeSignatures(random) };
    case 2:
      return { ...mutation, ...respellText(random) };
    default:
      return { ...mutation, what: editNode(draft.signed[role], random) };
  }
}

/** What happens on the way: nobody has signed it. */
function spoilBytes(random: Random): Pick<Mutation, 'what' | 'spoil'> {
  const place = random.word();
  const length = 1 + random.below(20);
  const at = (bytes: Buffer): number => place % bytes.length;
  const spoils: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['bytes: a bit flipped', (bytes) => flipBit(bytes, at(bytes), place & 7)],
    ['bytes: a bit flipped', (bytes) => flipBit(bytes, at(bytes), 5)],
    ['bytes: cut off', (bytes) => bytes.subarray(0, at(bytes))],
    ['bytes: some left out', (bytes) => splice(bytes, at(bytes), at(bytes) + length)],
    ['bytes: some twice', (bytes) => splice(bytes, at(bytes) + length, at(bytes))],
    ['bytes: a blank behind', (bytes) => Buffer.concat([bytes, Buffer.from(' \n')])],
    ['bytes: rubbish behind', (bytes) => Buffer.concat([bytes, Buffer.from('{}')])],
    ['bytes: a byte order mark', (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes])],
  ];
  const [what, spoil] = random.pick(spoils);
  return { what, spoil };
}

function changeSignatures(random: Random): Pick<Mutation, 'what' | 'write'> {
  const junk = { keyid: 'ab'.repeat(32), sig: 'cd'.repeat(64) };
  const changes: readonly [string, (all: SimSignature[]) => unknown][] = [
    ['signatures: the first is missing', (all) => all.slice(1)],
    ['signatures: none', () => []],
    ['signatures: the first twice', ([first, ...rest]) => [first, first, ...rest]],
    ['signatures: one of nobody in front', (all) => [junk, ...all]],
    ['signatures: an empty one of nobody', (all) => [...all, { ...junk, sig: '' }]],
    ['signatures: upper case', (all) => all.map((item) => ({ ...item, sig: item.sig.toUpperCase() }))],
    [
      'signatures: key ids in upper case',
      (all) => all.map((item) => ({ ...item, keyid: item.keyid.toUpperCase() })),
    ],
    ['signatures: exchanged', (all) => all.map((item, index) => ({ ...item, sig: all.at(index - 1)?.sig }))],
    ['signatures: an odd digit more', (all) => all.map((item) => ({ ...item, sig: `${item.sig}0` }))],
    ['signatures: bytes behind', (all) => all.map((item) => ({ ...item, sig: `${item.sig}00` }))],
    ['signatures: a field that nobody knows', (all) => all.map((item) => ({ ...item, method: 'x' }))],
    ['signatures: no text', (all) => all.map((item) => ({ ...item, sig: 7 }))],
    ['signatures: no list', (all) => ({ ...all })],
    ['signatures: not there', () => undefined],
    ['signatures: an item that is none', (all) => [...all, null]],
  ];
  const [what, change] = random.pick(changes);
  return {
    what,
    write: (signed, signatures) => Buffer.from(JSON.stringify({ signatures: change(signatures), signed })),
  };
}

/** The same value in other words; all signatures are right. */
function respellText(random: Random): Pick<Mutation, 'what' | 'write'> {
  const respells: readonly [string, (text: string) => string][] = [
    ['text: indented', (text) => JSON.stringify(JSON.parse(text), null, 2)],
    ['text: integers with a fraction of zero', (text) => text.replace(/"version":(\d+)/, '"version":$1.0')],
    ['text: integers with an exponent', (text) => text.replace(/"version":(\d+)/, '"version":$1e0')],
    ['text: escaped characters', (text) => text.replace('"version"', '"\\u0076ersion"')],
    ['text: a field twice', (text) => text.replace('"version":', '"version":7,"version":')],
    ['text: the signed part twice', (text) => text.replace('"signed":', '"signed":{},"signed":')],
    ['text: a field beside the signed part', (text) => text.replace(/^\{/, '{"other":[1,{"a":null}],')],
    ['text: a fraction beside the signed part', (text) => text.replace(/^\{/, '{"other":1.5,')],
    [
      'text: deep beside the signed part',
      (text) => text.replace(/^\{/, `{"other":${'['.repeat(40)}${']'.repeat(40)},`),
    ],
    ['text: a comment', (text) => `/* */${text}`],
    ['text: a comma too many', (text) => text.replace(/\}$/, ',}')],
    ['text: in a list', (text) => `[${text}]`],
  ];
  const [what, respell] = random.pick(respells);
  return {
    what,
    write: (signed, signatures) => Buffer.from(respell(JSON.stringify({ signatures, signed }))),
  };
}

/** Changes one node of what is signed, anywhere in it; the right keys sign the result. */
function editNode(signed: DraftObject, random: Random): string {
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

function flipBit(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

/** `bytes` up to `from`, then from `to` on. */
function splice(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}
