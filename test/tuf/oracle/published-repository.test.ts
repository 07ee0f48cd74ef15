// tuf-js takes what our server publishes: over HTTP, from the trust anchor to the MoM of any build that is offered.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { Updater } from 'tuf-js';
import { expect, test } from 'vitest';
import { startServer } from '../../support/repository-service.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { TestRepository } from '../../support/test-repository.ts';
import { file } from '../../support/tree.ts';

/** Enough for a channel to have an older page. */
const BUILDS = Array.from({ length: 13 }, (_, index) => (index + 1) * 10);

test('tuf-js downloads MoMs from our repository', async () => {
  using folder = tempFolder();
  const repository = new TestRepository(join(folder.path, 'published'));
  const device = join(folder.path, 'device');
  const cold = join(folder.path, 'cold');
  await using service = await startServer(repository.path);
  writeRoot(device, repository.trustAnchor);
  for (const version of BUILDS) {
    await repository.build(version, image(version), { deltas: 0 });
    // A device that comes by after each build,
    if (version % 40 !== 0) continue;
    expect(await downloadMom(device, service.url, version)).toEqual(momOf(repository, version));
  }
  // one that has seen nothing yet, and wants them all,
  writeRoot(cold, repository.trustAnchor);
  for (const version of BUILDS)
    expect(await downloadMom(cold, service.url, version)).toEqual(momOf(repository, version));
  // and what nobody has built.
  expect(await downloadMom(cold, service.url, 140)).toBeUndefined();
});

test('tuf-js refuses a MoM that somebody has exchanged', async () => {
  using folder = tempFolder();
  const repository = new TestRepository(join(folder.path, 'published'));
  for (const version of [10, 20]) await repository.build(version, image(version), { deltas: 0 });
  const digest = /[0-9a-f]{64}/.exec(
    readFileSync(join(repository.path, 'metadata/2.stable.json'), 'utf8').split('stable/20/mom')[1] ?? '',
  )?.[0];
  writeFileSync(join(repository.path, `targets/stable/20/${digest}.mom`), momOf(repository, 10));
  await using service = await startServer(repository.path);
  const device = join(folder.path, 'device');
  writeRoot(device, repository.trustAnchor);
  await expect(downloadMom(device, service.url, 20)).rejects.toThrow();
  expect(await downloadMom(device, service.url, 10)).toEqual(momOf(repository, 10));
});

function image(version: number) {
  return { bundles: { 'os-core': { 'usr/version': file(`${version}\n`) } } };
}

function momOf(repository: TestRepository, version: number): Buffer {
  return readFileSync(join(repository.path, LAYOUT.mom(version)));
}

function writeRoot(folder: string, root: Uint8Array): void {
  mkdirSync(join(folder, 'targets'), { recursive: true });
  writeFileSync(join(folder, 'root.json'), root);
}

/** What tuf-js makes of the target `stable/VERSION/mom`, by its own ways; undefined where nobody names it. */
async function downloadMom(folder: string, url: string, version: number): Promise<Buffer | undefined> {
  const updater = new Updater({
    metadataDir: folder,
    metadataBaseUrl: `${url}/metadata`,
    targetDir: join(folder, 'targets'),
    targetBaseUrl: `${url}/targets`,
  });
  const target = await updater.getTargetInfo(`stable/${version}/mom`);
  return target === undefined ? undefined : readFileSync(await updater.downloadTarget(target));
}
