import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { verify } from '@noble/ed25519';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from './digest.ts';
import { publicKeyOf, signEd25519, verifyEd25519 } from './ed25519.ts';

const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array();

// RFC 8032, section 7.1, tests 1 to 3.
test.each([
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
])('RFC 8032: %s', (seed, publicKey, message, signature) => {
  expect(toHex(publicKeyOf(hex(seed)))).toBe(publicKey);
  expect(toHex(signEd25519(hex(message), hex(seed)))).toBe(signature);
  expect(verifyEd25519(hex(signature), hex(message), hex(publicKey))).toBe(true);
});

test('gives the signatures that OpenSSL gives', () => {
  const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(seeds, fc.uint8Array({ maxLength: 200 }), (seed, message) => {
      const der = Buffer.concat([hex('302e020100300506032b657004220420'), seed]);
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
      expect(toHex(publicKeyOf(seed))).toBe(toHex(spki.subarray(-32)));
      expect(toHex(signEd25519(message, seed))).toBe(toHex(sign(null, message, key)));
    }),
    { numRuns: 30 },
  );
});

test('gives the verdict of the strict rules of noble', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  // Keys and signatures that are right, or spoiled in a byte, or of another.
  const input = fc.record({
    seed: bytes(32),
    message: fc.uint8Array({ maxLength: 40 }),
    at: fc.nat(95),
    by: fc.nat(255),
  });
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(input, ({ seed, message, at, by }) => {
      const both = Buffer.concat([publicKeyOf(seed), signEd25519(message, seed)]);
      both[at] = (both[at] ?? 0) ^ (by & 0b11000001);
      const [key, signature] = [both.subarray(0, 32), both.subarray(32)];
      const verdict = verifyEd25519(signature, message, key);
      verdicts.add(verdict);
      expect(verdict).toBe(nobleVerdict(signature, message, key));
    }),
    { numRuns: 300 },
  );
  expect(verdicts).toEqual(new Set([true, false]));
});

function nobleVerdict(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

const SEED = new Uint8Array(32).fill(7);
const KEY = publicKeyOf(SEED);
const MESSAGE = Buffer.from('message');
const GOOD = signEd25519(MESSAGE, SEED);
/** The order of the base point. */
const L = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

function littleEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function scalarOf(signature: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`);
}

describe('refuses', () => {
  test.each<[string, Uint8Array]>([
    [
      'S plus the order of the group',
      Buffer.concat([GOOD.subarray(0, 32), littleEndian(scalarOf(GOOD) + L)]),
    ],
    ['S equal to the order', Buffer.concat([GOOD.subarray(0, 32), littleEndian(L)])],
    ['S of all ones', Buffer.concat([GOOD.subarray(0, 32), new Uint8Array(32).fill(255)])],
    ['zeros', new Uint8Array(64)],
    ['ones', new Uint8Array(64).fill(255)],
    ['nothing', new Uint8Array()],
    ['63 bytes', GOOD.subarray(1)],
    ['65 bytes', Buffer.concat([GOOD, new Uint8Array(1)])],
  ])('a signature of %s', (_, signature) => {
    expect(verifyEd25519(GOOD, MESSAGE, KEY)).toBe(true);
    expect(verifyEd25519(signature, MESSAGE, KEY)).toBe(false);
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['31 bytes', KEY.subarray(1)],
    ['33 bytes', Buffer.concat([KEY, new Uint8Array(1)])],
    ['ones', new Uint8Array(32).fill(255)],
    ['no point of the curve', hex('02'.padEnd(64, '0'))],
  ])('a key of %s', (_, key) => {
    expect(verifyEd25519(GOOD, MESSAGE, key)).toBe(false);
  });

  // With such a key anybody can sign anything.
  const smallOrder = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ];
  const identity = '01'.padEnd(64, '0');
  const basePoint = `58${'66'.repeat(31)}`;
  const forged = [
    [identity, littleEndian(0n)],
    [basePoint, littleEndian(1n)],
  ] as const;

  test.each(smallOrder)('the key of small order %s', (key) => {
    for (const [point, scalar] of forged) {
      for (let i = 0; i < 16; i++) {
        const signature = Buffer.concat([hex(point), scalar]);
        expect(verifyEd25519(signature, Buffer.from([i]), hex(key))).toBe(false);
      }
    }
  });

  // R in an encoding that is not canonical, which ZIP 215 allows: y = p + 1 for the identity.
  test('a point R that is not in its own encoding', () => {
    const signature = Buffer.concat([hex(`ee${'ff'.repeat(30)}7f`), littleEndian(0n)]);
    for (let i = 0; i < 16; i++) expect(verifyEd25519(signature, Buffer.from([i]), KEY)).toBe(false);
  });

  test('every flipped bit of signature, message and key', () => {
    const whole = Buffer.concat([GOOD, MESSAGE, KEY]);
    for (let offset = 0; offset < whole.length; offset++) {
      const bad = Buffer.from(whole);
      bad[offset] = (bad[offset] ?? 0) ^ (1 << (offset % 8));
      const [signature, message, key] = [bad.subarray(0, 64), bad.subarray(64, 71), bad.subarray(71)];
      expect(verifyEd25519(signature, message, key), `byte ${offset}`).toBe(false);
    }
  });
});
