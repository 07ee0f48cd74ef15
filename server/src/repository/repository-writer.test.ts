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
  const offer = (version: number) =>
    writeFileSync(join(repository, LAYOUT.timestamp), `{"signatures":[],"signed":{"version":${version}}}`);
  const staging = (version: number) => join(folder, 'work/staging', String(version));
  return {
    repository,
    work: join(folder, 'work'),
    open,
    staging,
    offer,
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
    writer.publish(1, () => {
      expect(Object.keys(listFiles(lab.repository))).toEqual([BLOB, LAYOUT.mom(10)]);
      lab.offer(1);
    });
    expect(Object.keys(listFiles(lab.repository))).toEqual([BLOB, LAYOUT.timestamp, LAYOUT.mom(10)]);
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
    ['the MoM, when only that was to be published', undefined, [], [BLOB, LAYOUT.mom(10)]],
    ['the timestamp', 2, [2], [BLOB, LAYOUT.timestamp, LAYOUT.mom(10)]],
    ['a timestamp that somebody else has signed since', 2, [3], [BLOB, LAYOUT.timestamp, LAYOUT.mom(10)]],
  ])('leaves in place what a publication had moved that died after %s', (_what, end, offered, files) => {
    using lab = openFolder();
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    const dies = () => {
      for (const version of offered) lab.offer(version);
      throw new Error('killed');
    };
    expect(() => writer.publish(end, dies)).toThrow('killed');
    takeBackUnfinished(lab.repository, lab.work);
    lab.open(20);
    expect(Object.keys(listFiles(lab.repository))).toEqual(files);
    expect(existsSync(lab.staging(10))).toBe(false);
  });

  test('takes back what a publication had moved that died before the timestamp', () => {
    using lab = openFolder();
    lab.offer(1);
    const before = listFiles(lab.repository);
    const writer = lab.open(10);
    writer.add(BLOB, BYTES);
    const dies = () => {
      throw new Error('killed');
    };
    expect(() => writer.publish(2, dies)).toThrow('killed');
    expect(Object.keys(listFiles(lab.repository))).toContain(LAYOUT.mom(10));
    takeBackUnfinished(lab.repository, lab.work);
    expect(listFiles(lab.repository)).toEqual(before);
    expect(lab.open(10).find(BLOB)).toMatchObject({ published: false });
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
