import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { listFiles } from '../test-build.ts';
import { RepositoryWriter, takeBackUnfinished } from './repository-writer.ts';

const BYTES = Buffer.from('some bytes');
const BLOB = LAYOUT.blob(sha256(BYTES));
const MOM = Buffer.from('mom');
const OTHER = LAYOUT.blob(sha256(Buffer.from('other')));

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-writer-'));
  const repository = join(folder, 'repo');
  mkdirSync(join(repository, 'metadata'), { recursive: true });
  const open = (version: number, bootId = 'boot') => {
    const writer = RepositoryWriter.open({ repository, work: join(folder, 'work'), version, bootId });
    writer.replace(LAYOUT.mom(version), MOM);
    return writer;
  };
  const staging = (version: number) => join(folder, 'work/staging', String(version));
  return {
    repository,
    work: join(folder, 'work'),
    open,
    staging,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

describe('RepositoryWriter', () => {
  test('publishes what the release refers to, and nothing else that is staged', () => {
    using lab = openFolder();
    lab.open(10).add(OTHER, Buffer.from('of an attempt that died'));
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    expect(writer.find(BLOB)).toMatchObject({ published: false, storedSize: BYTES.length });
    expect(listFiles(lab.repository)).toEqual({});
    writer.publish(() => {
      expect(Object.keys(listFiles(lab.repository))).toEqual([BLOB, LAYOUT.mom(10)]);
    });
    expect(Object.keys(listFiles(lab.repository))).toEqual([BLOB, LAYOUT.mom(10)]);
    expect(existsSync(lab.staging(10))).toBe(false);
  });

  test('keeps what an attempt at the same version has staged in the same run of the kernel', () => {
    using lab = openFolder();
    lab.open(10).add(BLOB, BYTES);
    expect(lab.open(10).find(BLOB)?.published).toBe(false);
    expect(lab.open(10, 'after a power cut').find(BLOB)).toBeUndefined();
    lab.open(10).add(BLOB, BYTES);
    expect(lab.open(20).find(BLOB)).toBeUndefined();
  });

  test.each([
    ['before it was revealed', () => {}, []],
    ['after it was revealed', (journal: string) => rmSync(journal), [BLOB, LAYOUT.mom(10)]],
  ])('a publication that dies %s', (_what, reveal, files) => {
    using lab = openFolder();
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    const dies = (journal: string) => {
      reveal(journal);
      throw new Error('killed');
    };
    expect(() => writer.publish(dies)).toThrow('killed');
    expect(Object.keys(listFiles(lab.repository))).toEqual([BLOB, LAYOUT.mom(10)]);
    takeBackUnfinished(lab.repository, lab.work);
    expect(Object.keys(listFiles(lab.repository))).toEqual(files);
    expect(lab.open(10).find(BLOB)?.published).toBe(files.length > 0);
    lab.open(20);
    expect(existsSync(lab.staging(10))).toBe(false);
  });

  test.each([
    ['without its MoM is taken back', false],
    ['with its MoM stays, when only that was to be published', true],
  ])('a publication that has died %s', (_what, complete) => {
    using lab = openFolder();
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    // A folder with something in it where the MoM should be.
    const blocked = join(lab.repository, LAYOUT.mom(10), 'in the way');
    mkdirSync(blocked, { recursive: true });
    expect(() => writer.publish(undefined)).toThrow(expect.objectContaining({ code: expect.any(String) }));
    rmSync(join(lab.repository, LAYOUT.mom(10)), { recursive: true });
    if (complete) writeFileSync(join(lab.repository, LAYOUT.mom(10)), MOM);
    takeBackUnfinished(lab.repository, lab.work);
    expect(Object.keys(listFiles(lab.repository))).toEqual(complete ? [BLOB, LAYOUT.mom(10)] : []);
  });

  test('refuses a work folder on another file system', () => {
    using lab = openFolder();
    const work = mkdtempSync('/dev/shm/swupd-work-');
    const options = { repository: lab.repository, work, version: 10, bootId: 'boot' };
    try {
      expect(() => RepositoryWriter.open(options)).toThrow(
        expect.objectContaining({ code: 'work-elsewhere' }),
      );
    } finally {
      rmSync(work, { recursive: true });
    }
  });
});
