import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress, decompress, sha256 } from '@swupd/shared';
import {
  bytesSource,
  closeDeltaWorkers,
  decodeDelta,
  ENCODING_BUDGET,
  planEncoding,
} from '@swupd/shared/delta';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeltaJob, writeDelta } from './delta-task.ts';

const MIB = 1024 * 1024;
const OLD = noise('old', 300_000);
const NEW = Buffer.concat([noise('new', 100), OLD.subarray(100_000), OLD.subarray(0, 100_000)]);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-delta-'));
});

afterAll(async () => {
  await closeDeltaWorkers();
  rmSync(folder, { recursive: true });
});

function jobOf(old: Buffer, next: Buffer, options: Partial<DeltaJob> = {}): DeltaJob {
  const blob = (name: string, plain: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, compress(plain, 1).bytes);
    return { path, plainSize: plain.length, digest: sha256(plain) };
  };
  const target = join(folder, 'delta');
  rmSync(target, { force: true });
  return {
    from: blob('old', old),
    to: blob('new', next),
    limit: next.length,
    existing: undefined,
    target,
    scratch: join(folder, 'scratch/pair'),
    memory: ENCODING_BUDGET.memory,
    ...options,
  };
}

async function applied(old: Buffer, job: DeltaJob, length: number): Promise<Buffer> {
  const container = decompress(readFileSync(job.target), length);
  const chunks: Buffer[] = [];
  for await (const chunk of decodeDelta(bytesSource(old), container, job.to.plainSize))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('writeDelta', () => {
  test('writes the smallest, and tells who made it and what else was tried', async () => {
    const job = jobOf(OLD, NEW);
    const [tried] = await writeDelta([job]);
    expect(tried?.attempts.map(({ codec }) => codec)).toContain(tried?.delta?.codec);
    expect(tried?.attempts.every(({ seconds }) => seconds > 0)).toBe(true);
    expect(readFileSync(job.target).length).toBe(tried?.delta?.storedSize);
    expect((await applied(OLD, job, tried?.delta?.length ?? 0)).equals(NEW)).toBe(true);
    const [again] = await writeDelta([{ ...job, existing: job.target }]);
    expect(again).toEqual({ delta: tried?.delta, attempts: [] });
  });

  test('writes nothing that does not gain', async () => {
    const job = jobOf(OLD, NEW, { limit: 10 });
    expect((await writeDelta([job]))[0]?.delta).toBeUndefined();
    expect(existsSync(job.target)).toBe(false);
  });

  test('reads in windows what the memory does not hold, and leaves nothing behind', async () => {
    const text = Buffer.alloc(12 * MIB, 'some text that is longer than the rest, ');
    const [old, next] = [Buffer.concat([text, OLD]), Buffer.concat([OLD, text])];
    const memory = 143 * MIB;
    expect(planEncoding(old.length, next.length, memory)).toMatchObject({ windowed: true, reduced: true });
    const job = jobOf(old, next, { memory });
    const [tried] = await writeDelta([job]);
    expect(tried?.delta?.codec).toBe('zstd-patch');
    expect((await applied(old, job, tried?.delta?.length ?? 0)).equals(next)).toBe(true);
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  }, 60_000);

  test('does not even read what no codec may take', async () => {
    const job = jobOf(OLD, NEW, { memory: 1 });
    rmSync(job.from.path);
    expect(await writeDelta([job])).toEqual([{ delta: undefined, attempts: [] }]);
  });
});

function noise(seed: string, outputLength: number): Buffer {
  return createHash('shake256', { outputLength }).update(seed).digest();
}
