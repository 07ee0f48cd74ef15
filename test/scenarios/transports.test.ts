import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from '../../client/src/repository/test-proxy.ts';
import type { ImageLiteral } from '../support/image.ts';
import { startNginx } from '../support/nginx.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { TestDevice } from '../support/test-device.ts';
import { startTlsFront } from '../support/tls-front.ts';
import { file, symlink } from '../support/tree.ts';

function image(version: number): ImageLiteral {
  const library = noise(1, 60_000);
  return {
    bundles: {
      'os-core': {
        'usr/lib/lib': file(version === 10 ? library : slightlyChanged(library)),
        [`usr/bin/tool-${version}`]: file(`tool ${version}`, { mode: 0o755 }),
        'usr/bin/tool': symlink(`tool-${version}`),
      },
      more: { 'usr/share/more': file(noise(version, 5_000)) },
    },
  };
}

describe('the same repository', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = new Scene();
    for (const version of [10, 20, 30]) await scene.repository.build(version, image(version));
  });
  afterAll(() => scene[Symbol.dispose]());

  test("through the project's own server", async () => {
    await using service = await startServer(scene.repository.path);
    await goThroughLife(scene, scene.device({ url: service.url }));
  });

  test('through nginx', async () => {
    await using nginx = await startNginx(scene.repository.path, join(scene.folder, 'nginx'));
    await goThroughLife(scene, scene.device({ url: nginx.url }));
  });

  test('through nginx, from a path below its top', async () => {
    await using nginx = await startNginx(scene.folder, join(scene.folder, 'nginx-below'));
    await goThroughLife(scene, scene.device({ url: `${nginx.url}/repository/` }));
  });

  test('as a folder, by URL and by path', async () => {
    await goThroughLife(scene, scene.device({ url: pathToFileURL(scene.repository.path).href }));
    await goThroughLife(scene, scene.device({ url: scene.repository.path }));
  });

  test('over TLS with a CA of our own', async () => {
    await using service = await startServer(scene.repository.path);
    await using tls = await startTlsFront(service.url, scene.folder);
    await goThroughLife(scene, scene.device({ url: tls.url, caFile: tls.caFile }));
    await expect(scene.device({ url: tls.url }).install()).rejects.toMatchObject({
      code: 'tls-failed',
      exit: 24,
    });
  });

  test('through a proxy that the environment names', async () => {
    await using service = await startServer(scene.repository.path);
    await using proxy = await startProxy();
    const device = scene.device({ url: service.url, env: { http_proxy: proxy.url, no_proxy: '' } });
    await goThroughLife(scene, device);
    expect(proxy.seen.length).toBeGreaterThan(5);
  });
});

test('with the state directory on another file system', async () => {
  using scene = new Scene();
  using elsewhere = tempFolder('/dev/shm');
  for (const version of [10, 20, 30]) await scene.repository.build(version, image(version));
  await goThroughLife(scene, scene.device({ stateDirectory: join(elsewhere.path, 'state') }));
});

/** What every way to a repository has to be good for. */
async function goThroughLife(scene: Scene, device: TestDevice): Promise<void> {
  await device.install({ version: 10 });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  await device.update({ version: 20 });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
  await device.add(['more']);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core', 'more'] });
  writeFileSync(join(device.root, 'usr/lib/lib'), 'damaged');
  await device.repair();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core', 'more'] });
  await device.update();
  await expectBuild(scene, device, { version: 30, bundles: ['os-core', 'more'] });
  await device.remove(['more']);
  await expectBuild(scene, device, { version: 30, bundles: ['os-core'] });
  expect(await device.update()).toMatchObject({ kind: 'up-to-date', version: 30 });
}
