import type { Random } from '../../fuzz/random.ts';
import type { SimSignature } from '../simulator/sim-metadata.ts';
import type { Mutation } from './draft.ts';

/** What happens on the way: nobody has signed it. */
export function spoilBytes(random: Random): Pick<Mutation, 'what' | 'spoil'> {
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

/** Who has signed, and how that is written. */
export function changeSignatures(random: Random): Pick<Mutation, 'what' | 'write'> {
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
export function respellText(random: Random): Pick<Mutation, 'what' | 'write'> {
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

function flipBit(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

/** `bytes` up to `from`, then from `to` on. */
function splice(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}
