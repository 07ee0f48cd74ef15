import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Key, keyIdOf } from '@swupd/manifests/trust';
import { fromHex, publicKeyOf, toHex, verifyEd25519 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { readKeyFile, writeKeyPair } from './key-file.ts';
import { readKeyFolder } from './key-folder.ts';
import { KeyRing, type SigningRole } from './key-ring.ts';
import { parseSignerFile, parseSignerOption } from './signer.ts';

const MESSAGE = Buffer.from('{"what":"is signed"}');
const SEEDS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)] as const;
const idOf = (seed: Uint8Array): string => keyIdOf(ed25519Key(publicKeyOf(seed)));
const BY_ID = [...SEEDS].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

/** A role of the seeds' keys. */
function roleOf(seeds: readonly Uint8Array[], threshold: number): SigningRole {
  const keys = seeds.map(
    (seed) =>
      [
        idOf(seed),
        {
          verify: (signature: Uint8Array, message: Uint8Array) =>
            verifyEd25519(signature, message, publicKeyOf(seed)),
        },
      ] as const,
  );
  return { keys: new Map(keys), threshold };
}

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-keys-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** A command that signs its input with the key of `seed`, as raw bytes or as digits. */
function signing(seed: Uint8Array, form: 'raw' | 'hex' = 'raw'): string {
  const der = `302e020100300506032b657004220420${toHex(seed)}`;
  const output = form === 'raw' ? 's' : `s.toString('hex').toUpperCase()+'\\n'`;
  const script = `const c=require('node:crypto'),k=c.createPrivateKey({key:Buffer.from('${der}','hex'),format:'der',type:'pkcs8'}),s=c.sign(null,require('node:fs').readFileSync(0),k);process.stdout.write(${output})`;
  return `'${process.execPath}' -e "${script}"`;
}

function openRing(folder: string, ...signers: string[]): KeyRing {
  return KeyRing.open({ folder, signers: signers.map(parseSignerOption), env: process.env });
}

function isGood({ keyid, sig }: { keyid: string; sig: string }, role: SigningRole): boolean {
  return role.keys.get(keyid)?.verify(fromHex(sig) ?? Buffer.alloc(0), MESSAGE) === true;
}

describe('key files', () => {
  test('a pair is written once, the secret for its owner only, and read back', () => {
    using lab = openFolder();
    const path = join(lab.folder, 'build');
    writeKeyPair(path, 'build', SEEDS[0]);
    expect(statSync(`${path}.key`).mode & 0o777).toBe(0o600);
    expect(readKeyFile(`${path}.key`)).toMatchObject({ role: 'build', seed: SEEDS[0] });
    expect(keyIdOf(JSON.parse(readFileSync(`${path}.pub`, 'utf8')))).toBe(readKeyFile(`${path}.key`).keyId);
    expect(() => writeKeyPair(path, 'build', SEEDS[1])).toThrow(
      expect.objectContaining({ code: 'keys-exist' }),
    );
  });

  test('a pair that died half-written stands in no way', () => {
    using lab = openFolder();
    const path = join(lab.folder, 'build');
    writeFileSync(`${path}.key.new`, '# swupd sec');
    expect(readKeyFolder(lab.folder).secrets).toEqual([]);
    writeKeyPair(path, 'build', SEEDS[0]);
    expect(readdirSync(lab.folder)).toEqual(['build.key', 'build.pub']);
    expect(statSync(`${path}.key`)).toMatchObject({ nlink: 1 });
  });

  test.each([
    ['a key that the group can read', 'x.key', 0o640, '', 'key-exposed'],
    ['a key that others can write', 'x.key', 0o602, '', 'key-exposed'],
    ['a key of no known role', 'x.key', 0o600, `# swupd secret key: king\n${'0'.repeat(64)}\n`, 'bad-key'],
    ['a key cut short', 'x.key', 0o600, `# swupd secret key: root\n${'0'.repeat(63)}\n`, 'bad-key'],
    ['an empty key', 'x.key', 0o600, '', 'bad-key'],
    ['a signer that others can change', 'x.signer', 0o666, '# swupd signer: root\ntrue\n', 'key-exposed'],
    ['a signer without a command', 'x.signer', 0o644, '# swupd signer: root\n', 'bad-key'],
    ['a signer of no known role', 'x.signer', 0o644, '# swupd signer: king\ntrue\n', 'bad-key'],
  ])('%s is refused', (_what, name, mode, text, code) => {
    using lab = openFolder();
    const path = join(lab.folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    expect(() => readKeyFolder(lab.folder)).toThrow(
      expect.objectContaining({ code, exit: 1, details: expect.objectContaining({ path }) }),
    );
  });

  test('a folder that is not there is an error, unless a signer stands in', () => {
    using lab = openFolder();
    const folder = join(lab.folder, 'none');
    expect(() => openRing(folder)).toThrow(expect.objectContaining({ code: 'keys-missing' }));
    expect(openRing(folder, 'true').signers).toHaveLength(1);
  });
});

describe('signer options', () => {
  test.each([
    ['release=ssh-sign --x=1', { role: 'release', command: 'ssh-sign --x=1' }],
    ['PIN=1 sign', { role: undefined, command: 'PIN=1 sign' }],
    ['king=1 sign', { role: undefined, command: 'king=1 sign' }],
    ['sign', { role: undefined, command: 'sign' }],
    ['release=', { role: undefined, command: 'release=' }],
  ])('%j', (text, expected) => {
    expect(parseSignerOption(text)).toMatchObject(expected);
  });

  test('a signer file', () => {
    expect(parseSignerFile('# swupd signer: build\nsign it\n', 'f')).toEqual({
      role: 'build',
      command: 'sign it',
      origin: 'f',
    });
    expect(parseSignerFile('# swupd signer: build\nsign it\nand more\n', 'f')).toBeUndefined();
  });
});

describe('KeyRing', () => {
  test('signs with as many files as the role needs, the lowest key ids first', () => {
    using lab = openFolder();
    SEEDS.forEach((seed, i) => {
      writeKeyPair(join(lab.folder, `release-${i}`), 'release', seed);
    });
    const role = roleOf(SEEDS, 2);
    const ring = openRing(lab.folder);
    const signatures = ring.sign('stable', role, { message: MESSAGE });
    expect(signatures.map(({ keyid }) => keyid)).toEqual(BY_ID.slice(0, 2).map(idOf));
    expect(signatures.every((signature) => isGood(signature, role))).toBe(true);
    expect(openRing(lab.folder).sign('stable', role, { message: MESSAGE })).toEqual(signatures);
    expect(ring.count('stable', role)).toBe(3);
  });

  test('adds to what is signed already, and signs nothing twice', () => {
    using lab = openFolder();
    SEEDS.forEach((seed, i) => {
      writeKeyPair(join(lab.folder, `release-${i}`), 'release', seed);
    });
    const ring = openRing(lab.folder);
    const role = roleOf(SEEDS, 3);
    const [first, ...others] = ring.sign('stable', role, { message: MESSAGE });
    const has = first === undefined ? [] : [first];
    expect(ring.sign('stable', role, { message: MESSAGE, has })).toEqual(others);
    expect(ring.sign('stable', { ...role, threshold: 1 }, { message: MESSAGE, has })).toEqual([]);
  });

  test('gives what it has where that is too little, and nothing by keys of others', () => {
    using lab = openFolder();
    const [mine, other] = SEEDS;
    writeKeyPair(join(lab.folder, 'a'), 'root', mine);
    const ring = openRing(lab.folder);
    expect(ring.sign('root', roleOf(SEEDS, 2), { message: MESSAGE })).toHaveLength(1);
    expect(ring.sign('root', roleOf([other], 1), { message: MESSAGE })).toEqual([]);
  });

  test.each(['raw', 'hex'] as const)('takes a signature in the form %s from a command', (form) => {
    using lab = openFolder();
    const [seed] = SEEDS;
    const role = roleOf(SEEDS, 1);
    const ring = openRing(lab.folder, `release=${signing(seed, form)}`);
    const signatures = ring.sign('stable.1', role, { message: MESSAGE });
    expect(signatures).toEqual([{ keyid: idOf(seed), sig: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    expect(signatures.every((signature) => isGood(signature, role))).toBe(true);
    expect(ring.sign('timestamp', role, { message: MESSAGE })).toEqual([]);
  });

  test('tells the command for which role it signs, and asks it only when files do not do', () => {
    using lab = openFolder();
    const [file, hsm] = SEEDS;
    writeKeyPair(join(lab.folder, 'a'), 'root', file);
    const log = join(lab.folder, 'log');
    const command = `printf '%s\\n' "$SWUPD_SIGN_ROLE" >> '${log}'; ${signing(hsm)}`;
    writeFileSync(join(lab.folder, 'b.signer'), `# swupd signer: root\n${command}\n`);
    const ring = openRing(lab.folder);
    expect(ring.sign('targets', roleOf(SEEDS, 1), { message: MESSAGE })).toHaveLength(1);
    expect(ring.sign('targets', roleOf(SEEDS, 2), { message: MESSAGE })).toHaveLength(2);
    expect(readFileSync(log, 'utf8')).toBe('root\n');
  });

  test.each([
    ['fails', 'echo no card >&2; exit 3', 'signer-failed'],
    ['is killed', 'kill -9 $$', 'signer-failed'],
    ['floods', 'head -c 1000000 /dev/zero', 'signer-failed'],
    ['is not there', '/nowhere/sign', 'signer-failed'],
    ['gives nothing', 'cat > /dev/null', 'bad-signature'],
    ['gives other bytes', 'head -c 64 /dev/zero', 'bad-signature'],
    ['signs with a key of somebody else', signing(Buffer.alloc(32, 9)), 'bad-signature'],
  ])('a command that %s ends with a code', (_what, command, code) => {
    using lab = openFolder();
    mkdirSync(join(lab.folder, 'empty'));
    const ring = openRing(join(lab.folder, 'empty'), command);
    expect(() => ring.sign('build', roleOf(SEEDS, 1), { message: MESSAGE })).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ role: 'build' }) }),
    );
  });

  test('what a failing command has said is in the error', () => {
    using lab = openFolder();
    const ring = openRing(lab.folder, 'echo the card is not inserted >&2; exit 3');
    expect(() => ring.sign('root', roleOf(SEEDS, 1), { message: MESSAGE })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ stderr: 'the card is not inserted', status: 3 }),
      }),
    );
  });
});
