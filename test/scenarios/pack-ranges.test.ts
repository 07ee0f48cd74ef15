import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blobsOf,
  formatPackHead,
  LAYOUT,
  type PackBlobs,
  type PackFrame,
  type PackIndex,
  parseManifest,
} from '@swupd/manifests';
import { bytesOf, compressFrame, sha256 } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../support/gateway.ts';
import { startNginx } from '../support/nginx.ts';
import { noise } from '../support/noise.ts';
import { type Service, startServer } from '../support/repository-service.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { lieInMom, manifestText, write } from '../support/tamper.ts';
import type { TestDevice } from '../support/test-device.ts';
import { file, type Tree } from '../support/tree.ts';

const HALF = 30;
const SIZE = 20_000;
/** The first half can't be compressed, the others can. */
const FILES = Array.from({ length: 2 * HALF }, (_, i) =>
  i < HALF ? noise(i + 1, SIZE) : Buffer.from(noise(i + 1, SIZE / 2).toString('hex')),
);
const DIGESTS = FILES.map((bytes) => sha256(bytes));
const VERSION: Tree = { 'usr/version': file('10') };
const DATA: Tree = Object.fromEntries(
  FILES.map((bytes, i) => [`usr/data/${String(i).padStart(3, '0')}`, file(bytes)]),
);
const BUILD = { version: 20, bundles: ['os-core'] };

let scene: Scene;
let service: Service;
let template: TestDevice;
let pack: string;
let packBytes: Buffer;
let index: PackIndex;
let blobs: PackBlobs;
beforeAll(async () => {
  scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': VERSION } });
  await scene.repository.build(20, { bundles: { 'os-core': { ...VERSION, ...DATA } } });
  publishPack();
  service = await startServer(scene.repository.path);
  template = scene.device({ url: service.url });
  await template.install({ version: 10 });
  await template.update({ downloadOnly: true });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  scene[Symbol.dispose]();
});

/**
 * A pack from build 10 to build 20 with many pieces: the first half of the files in one frame that is stored as it is, the others
 * in a compressed frame each. The generator makes none of such small files.
 */
function publishPack(): void {
  const { repository } = scene;
  const [to, from] = [20, 10].map((version) =>
    blobsOf(parseManifest(bytesOf(manifestText(repository, version, 'os-core')))),
  );
  if (to === undefined || from === undefined) throw new TypeError('no manifests');
  const members = FILES.map((bytes, i) => ({
    kind: 'full' as const,
    filter: 'none' as const,
    digest: DIGESTS[i] ?? sha256(bytes),
    size: bytes.length,
  }));
  const compressed = FILES.slice(HALF).map((bytes) => compressFrame(bytes, 19));
  const size = HALF * SIZE;
  const frames: PackFrame[] = [
    { storedSize: size, plainSize: size, members: members.slice(0, HALF) },
    ...members
      .slice(HALF)
      .map((member, i) => ({ storedSize: compressed[i]?.length ?? 0, plainSize: SIZE, members: [member] })),
  ];
  index = { bundle: 'os-core', from: 10, to: 20, frames };
  blobs = { from, to };
  packBytes = Buffer.concat([formatPackHead(index, blobs), ...FILES.slice(0, HALF), ...compressed]);
  const digest = sha256(packBytes);
  pack = LAYOUT.pack(digest);
  write(repository, pack, packBytes);
  lieInMom(repository, 20, (mom) => ({
    ...mom,
    bundles: mom.bundles.map((item) => ({ ...item, packs: [{ from: 10, digest, size: packBytes.length }] })),
  }));
}
interface Prepared extends AsyncDisposable {
  readonly device: TestDevice;
  readonly gateway: Service['gateway'];
}

/** A device with build 10 and, in its cache, the content of build 20 but for the files whose number is in `missing`. */
function prepare(missing: (number: number) => boolean): Prepared {
  const device = scene.device({ url: service.url });
  cpSync(template.root, device.root, { recursive: true, preserveTimestamps: true });
  cpSync(template.state, device.state, { recursive: true });
  for (const [i, digest] of DIGESTS.entries()) if (missing(i)) rmSync(join(device.state, 'cache', digest));
  service.gateway.reset();
  return {
    device,
    gateway: service.gateway,
    async [Symbol.asyncDispose]() {
      Object.assign(service.gateway, { fault: () => undefined, onRequest: () => {} });
      writeFileSync(join(scene.repository.path, pack), packBytes);
    },
  };
}

const MISSING = 15;
const aStretch = (number: number): boolean => number >= 10 && number < 10 + MISSING;
const twoStretches = (number: number): boolean => number < 8 || (number >= 22 && number < HALF);

/** How often what was asked for: parts of packs are `ranges`, whole ones `packs`. */
function asked({ passages }: Service['gateway']): Record<string, number> {
  const kinds: Record<string, number> = { ranges: 0, packs: 0, blobs: 0 };
  for (const { name, range } of passages) {
    const [folder = ''] = name.split('/');
    const kind = folder === 'packs' && range !== undefined ? 'ranges' : folder;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

describe('a device that has a part of what a pack brings', () => {
  test.each([
    ['one stretch', aStretch, 1],
    ['two stretches', twoStretches, 2],
    ['all but one of a stretch', (i: number) => aStretch(i) && i !== 17, 2],
    ['no gap that costs more than a request', (i: number) => i < HALF && i % 10 !== 0, 3],
  ])('takes %s, after the head', async (_, missing, ranges) => {
    await using prepared = prepare(missing);
    const { gateway, device } = prepared;
    const result = await device.update();
    expect(asked(gateway)).toMatchObject({ ranges: 1 + ranges, packs: 0, blobs: 0 });
    const bytes = FILES.filter((_, i) => missing(i)).length * SIZE;
    expect(gateway.bytes('packs/')).toBeGreaterThanOrEqual(bytes);
    expect(gateway.bytes('packs/')).toBeLessThan(bytes + 2_000);
    expect(result).toMatchObject({
      failures: [],
      cost: { downloadBytes: bytes, requests: ranges },
      transferred: { requests: gateway.passages.length, bytes: gateway.bytes() },
    });
    expect(readdirSync(join(device.state, 'downloads'))).toEqual([]);
    await expectBuild(scene, device, BUILD);
  });

  test('takes frames that are compressed', async () => {
    await using prepared = prepare((i) => i >= 35 && i < 55);
    const result = await prepared.device.update();
    expect(asked(prepared.gateway)).toMatchObject({ ranges: 2, packs: 0, blobs: 0 });
    expect(prepared.gateway.bytes('packs/')).toBeLessThan(20 * SIZE);
    expect(result).toMatchObject({ failures: [] });
    await expectBuild(scene, prepared.device, BUILD);
  });

  test('takes all of it where it needs all', async () => {
    await using prepared = prepare(() => true);
    await prepared.device.update();
    expect(asked(prepared.gateway)).toMatchObject({ ranges: 0, packs: 1, blobs: 0 });
    await expectBuild(scene, prepared.device, BUILD);
  });

  test('does so from a folder as well', async () => {
    await using prepared = prepare(aStretch);
    const { device } = prepared;
    device.url = scene.repository.url;
    const result = await device.update();
    expect(result).toMatchObject({ failures: [], cost: { downloadBytes: MISSING * SIZE, requests: 1 } });
    await expectBuild(scene, device, BUILD);
  });

  test('does so from nginx as well', async () => {
    await using prepared = prepare(twoStretches);
    const { device } = prepared;
    await using nginx = await startNginx(scene.repository.path, join(scene.folder, 'nginx'));
    device.url = nginx.url;
    const result = await device.update();
    expect(result).toMatchObject({ failures: [], cost: { downloadBytes: 16 * SIZE, requests: 2 } });
    await expectBuild(scene, device, BUILD);
  });

  test('knows what it costs before', async () => {
    await using prepared = prepare(twoStretches);
    const planned = await prepared.device.update({ dryRun: true });
    expect(planned).toMatchObject({ cost: { downloadBytes: 16 * SIZE, requests: 2 } });
    expect(prepared.gateway.bytes('packs/')).toBeLessThan(2_000);
  });

  test('goes on with a range that was cut, in the next run', async () => {
    await using prepared = prepare(aStretch);
    const { gateway, device } = prepared;
    let parts = 0;
    gateway.fault = (name) => {
      if (name.startsWith('blobs/')) return { kind: 'status', status: 503 };
      if (name !== pack || ++parts === 1) return undefined;
      return parts === 2 ? { kind: 'cut', after: 200_000 } : { kind: 'status', status: 503 };
    };
    expect(await codeOf(device.update())).not.toBe('no error');
    gateway.fault = () => undefined;
    await device.update();
    expect(gateway.bytes('packs/')).toBeLessThan(MISSING * SIZE + 5_000);
    expect(gateway.bytes('blobs/')).toBe(0);
    expect(readdirSync(join(device.state, 'downloads'))).toEqual([]);
    await expectBuild(scene, device, BUILD);
  });

  test('takes a range out of a larger one that an earlier run has left', async () => {
    await using prepared = prepare(aStretch);
    const { gateway, device } = prepared;
    const [offset, length] = [formatPackHead(index, blobs).length, HALF * SIZE];
    const name = `pack-${pack.split('/').at(-1)}-${offset}-${length}`;
    writeFileSync(join(device.state, 'downloads', name), packBytes.subarray(offset, offset + length));
    expect(await device.update()).toMatchObject({ failures: [] });
    expect(asked(gateway)).toMatchObject({ ranges: 1, packs: 0, blobs: 0 });
    expect(readdirSync(join(device.state, 'downloads'))).toEqual([]);
    await expectBuild(scene, device, BUILD);
  });

  test('goes on with a whole pack that is nearly there rather than with ranges', async () => {
    await using prepared = prepare(aStretch);
    const { gateway, device } = prepared;
    const name = `pack-${pack.split('/').at(-1)}.part`;
    writeFileSync(join(device.state, 'downloads', name), packBytes.subarray(0, -5_000));
    const result = await device.update();
    expect(gateway.bytes('packs/')).toBe(5_000);
    expect(result).toMatchObject({ failures: [], cost: { downloadBytes: 5_000, requests: 1 } });
    await expectBuild(scene, device, BUILD);
  });
});

describe('a server', () => {
  const noRange: Fault = { kind: 'no-range' };
  const gone: Fault = { kind: 'status', status: 404 };
  const part = (range: string): Fault => ({ kind: 'part', range });
  /** Faults of the requests for the pack, in their order: the head, the range, the whole. */
  const rows: [string, readonly (Fault | undefined)[], Record<string, number>][] = [
    ['ignores ranges', [noRange, noRange], { ranges: 1, blobs: MISSING }],
    ['ignores ranges but that of the head', [undefined, noRange], { ranges: 2, blobs: MISSING }],
    ['gives another part', [undefined, part('bytes=0-99')], { ranges: 2, blobs: MISSING }],
    ['gives a longer part', [undefined, part('bytes=5000-')], { ranges: 2, blobs: MISSING }],
    ['has no such part (416)', [undefined, { kind: 'status', status: 416 }], { ranges: 2, blobs: MISSING }],
    ['damages the head', [{ kind: 'corrupt', at: 20 }], { ranges: 1, blobs: MISSING }],
    ['damages a file', [undefined, { kind: 'corrupt', at: 100 }], { ranges: 2, blobs: 1 }],
    ['has no pack', [gone, gone, gone], { ranges: 1, blobs: MISSING }],
  ];
  test.each(rows)('that %s', async (_, faults, expected) => {
    await using prepared = prepare(aStretch);
    const { gateway, device } = prepared;
    let requests = 0;
    gateway.fault = (name) => (name === pack ? faults[requests++] : undefined);
    const result = await device.update();
    expect(asked(gateway)).toMatchObject({ packs: 0, ...expected });
    expect(result.kind === 'updated' && result.failures.length).toBe(1);
    await expectBuild(scene, device, BUILD);
  });

  const changes: [string, () => Buffer][] = [
    ['another pack of the same size', () => Buffer.from(packBytes).fill(0x5a, 2_000)],
    ['a shorter pack', () => packBytes.subarray(0, 100_000)],
    ['a longer pack', () => Buffer.concat([packBytes, packBytes])],
    ['an empty pack', () => Buffer.alloc(0)],
  ];
  test.each(changes)('that has %s when the head is there', async (_, changed) => {
    await using prepared = prepare(aStretch);
    const { gateway, device } = prepared;
    let requests = 0;
    gateway.onRequest = (name) => {
      if (name === pack && ++requests === 2) writeFileSync(join(scene.repository.path, pack), changed());
    };
    const result = await device.update();
    expect(asked(gateway)).toMatchObject({ ranges: 2, packs: 0, blobs: MISSING });
    expect(result.kind === 'updated' && result.failures.length).toBeGreaterThan(0);
    await expectBuild(scene, device, BUILD);
  });

  test('that has a pack of another size is found out before a range is asked for', async () => {
    await using prepared = prepare(aStretch);
    const { gateway, device } = prepared;
    writeFileSync(join(scene.repository.path, pack), packBytes.subarray(0, -1));
    const result = await device.update();
    expect(asked(gateway)).toMatchObject({ ranges: 1, packs: 0, blobs: MISSING });
    expect(result.kind === 'updated' && result.failures.length).toBe(1);
    await expectBuild(scene, device, BUILD);
  });

  test('whose index lies about where frames are: only what has its digest is kept', async () => {
    await using prepared = prepare((i) => i >= 35 && i < 55);
    const { gateway, device } = prepared;
    const honest = formatPackHead(index, blobs).length;
    const head = lyingHead(45, honest);
    const rest = packBytes.subarray(honest, packBytes.length - (head.length - honest));
    writeFileSync(join(scene.repository.path, pack), Buffer.concat([head, rest]));
    const result = await device.update();
    expect(asked(gateway)).toMatchObject({ ranges: 2, packs: 0 });
    expect(asked(gateway).blobs).toBeGreaterThan(0);
    expect(asked(gateway).blobs).toBeLessThan(20);
    expect(result.kind === 'updated' && result.failures.length).toBeGreaterThan(0);
    await expectBuild(scene, device, BUILD);
  });
});

/** A head in which a byte of the frame of file `number` belongs to the next one, but the frames end where the pack does. */
function lyingHead(number: number, honest: number): Buffer {
  const at = number - HALF + 1;
  for (let longer = 0, tries = 0; tries < 9; tries++) {
    const frames = index.frames.map((frame, i) => {
      const more = i === at ? -1 : i === at + 1 ? 1 : i === index.frames.length - 1 ? -longer : 0;
      return { ...frame, storedSize: frame.storedSize + more };
    });
    const head = formatPackHead({ ...index, frames }, blobs);
    if (head.length === honest + longer) return head;
    longer = head.length - honest;
  }
  throw new TypeError('no head of that kind');
}
