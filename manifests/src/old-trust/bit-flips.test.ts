// Whatever single bit of a signed file changes, on the way or on the disk, the file is refused.
import { readFileSync } from 'node:fs';
import { sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { verifyMom } from './mom-signature.ts';
import { parsePointer } from './pointer.ts';
import { parseRoot } from './root.ts';
import { TrustError } from './trust-error.ts';

const vector = (name: string): Buffer => readFileSync(new URL(`../../spec/vectors/${name}`, import.meta.url));
const ROOT = parseRoot(vector('root.json'));
const MOM = vector('mom.txt');
const SIGNATURES = vector('mom.sig');
const RELEASE = { version: 20, digest: sha256(MOM), size: MOM.length };

test.each<[string, Buffer, (bytes: Buffer) => unknown]>([
  ['root.json', vector('root.json'), parseRoot],
  ['timestamp.json', vector('timestamp.json'), (bytes) => parsePointer(bytes, ROOT)],
  ['mom.sig', SIGNATURES, (signatures) => verifyMom({ mom: MOM, signatures }, ROOT, RELEASE)],
  ['mom.txt with pointer', MOM, (mom) => verifyMom({ mom, signatures: SIGNATURES }, ROOT, RELEASE)],
  ['mom.txt without', MOM, (mom) => verifyMom({ mom, signatures: SIGNATURES }, ROOT, undefined)],
])('%s', (_, good, verify) => {
  expect(() => verify(good)).not.toThrow();
  for (let offset = 0; offset < good.length; offset++) {
    // Every byte, and over the file every bit in turn.
    const bad = Buffer.from(good);
    bad[offset] = (bad[offset] ?? 0) ^ (1 << (offset % 8));
    expect(() => verify(bad), `byte ${offset}`).toThrow(TrustError);
  }
});
