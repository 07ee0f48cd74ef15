import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { listFiles } from '../test-build.ts';
import { RepositoryWriter } from './repository-writer.ts';

const BYTES = Buffer.from('some bytes');
const BLOB = LAYOUT.blob(sha256(BYTES));
const OTHER = LAYOUT.blob(sha256(Buffer.from('other')));

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-writer-'));
  const repository = join(folder, 'repo');
  mkdirSync(join(repository, 'metadata'), { recursive: true });
  const open = (version: number, published = 0, bootId = 'boot') =>
    RepositoryWriter.open({ repository, work: join(folder, 'work'), version, published, bootId });
  const staging = (version: number) => join(folder, 'work/staging', String(version));
  return { folder, repository, open, staging, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

describe('RepositoryWriter', () => {
  test('publishes what the release refers to, and nothing else that is staged', () => {
    using lab = openFolder();
    lab.open(10).add(OTHER, Buffer.from('of an attempt that died'));
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    expect(writer.find(BLOB)).toMatchObject({ published: false, storedSize: BYTES.length });
    expect(listFiles(lab.repository)).toEqual({});
    writer.publish(Buffer.from('pointer'));
    expect(Object.keys(listFiles(lab.repository))).toEqual([BLOB, LAYOUT.pointer]);
    expect(existsSync(lab.staging(10))).toBe(false);
  });

  test('keeps what an attempt at the same version has staged in the same run of the kernel', () => {
    using lab = openFolder();
    lab.open(10).add(BLOB, BYTES);
    expect(lab.open(10).find(BLOB)?.published).toBe(false);
    expect(lab.open(10, 0, 'after a power cut').find(BLOB)).toBeUndefined();
    lab.open(10).add(BLOB, BYTES);
    expect(lab.open(20).find(BLOB)).toBeUndefined();
  });

  test('takes back what a publication had moved when it died', () => {
    using lab = openFolder();
    lab.open(10).add(BLOB, BYTES);
    writeFileSync(join(lab.staging(10), 'publishing'), `${BLOB}\n${OTHER}`);
    const moved = join(lab.repository, BLOB);
    mkdirSync(dirname(moved), { recursive: true });
    renameSync(join(lab.staging(10), BLOB), moved);
    const writer = lab.open(10);
    expect(listFiles(lab.repository)).toEqual({});
    expect(writer.find(BLOB)).toMatchObject({ published: false });
  });

  test('leaves in place what a publication had moved when it died after the pointer', () => {
    using lab = openFolder();
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    writer.publish(Buffer.from('pointer'));
    mkdirSync(lab.staging(10), { recursive: true });
    writeFileSync(join(lab.staging(10), 'publishing'), BLOB);
    lab.open(20, 10);
    expect(readFileSync(join(lab.repository, BLOB))).toEqual(BYTES);
    expect(existsSync(lab.staging(10))).toBe(false);
  });

  test('refuses a work folder on another file system', () => {
    using lab = openFolder();
    const work = mkdtempSync('/dev/shm/swupd-work-');
    const options = { repository: lab.repository, work, version: 10, published: 0, bootId: 'boot' };
    try {
      expect(() => RepositoryWriter.open(options)).toThrow(
        expect.objectContaining({ code: 'work-elsewhere' }),
      );
    } finally {
      rmSync(work, { recursive: true });
    }
  });
});
