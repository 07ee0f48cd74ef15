import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compareTrees } from '../support/snapshot-tree.ts';
import { DAMAGES, damageDevice } from './damage-device.ts';
import { fetchPackages } from './fetch-packages.ts';
import { changedSize, contentSize } from './image-tree.ts';
import { layOutImage } from './lay-out-image.ts';
import { BUILDS, type Build, PACKAGES } from './packages.ts';
import { type RepositoryServer, startRepositoryServer } from './repository-server.ts';
import type { Scene } from './scene.ts';

const FIRST_BUNDLES = ['os-core', 'bundler', 'formatter'];
const DEVTOOLS = ['linter', 'types'];
const ALL_BUNDLES = [...FIRST_BUNDLES, ...DEVTOOLS];

/** A config file of the image that the device edits. */
const EDITED = 'etc/motd';

const TRUST_EXIT = 21;

/** The life of one repository and one device. @throws NotAsClaimed */
export async function tellStory(scene: Scene, cache: string): Promise<void> {
  await gatherMaterial(scene, cache);
  await foundRepository(scene);
  await publish(scene, 10);
  const server = await startRepositoryServer(scene.program('swupd-server'), 'repo', scene.folder);
  try {
    await install(scene, server);
    await followUpdates(scene, server);
    await addBundle(scene, server);
    await repairDamage(scene, server);
    await refuseForgery(scene, server);
    await removeBundle(scene, server);
  } finally {
    await server.stop();
  }
}

async function gatherMaterial(scene: Scene, cache: string): Promise<void> {
  const { narrator } = scene;
  narrator.chapter(
    'Three builds of an OS',
    'Published npm packages play the parts of the OS, a version for each build.',
  );
  const started = performance.now();
  const { fetched, present } = await fetchPackages(cache);
  for (const build of BUILDS) await layOutImage(scene.place('image', String(build)), build, cache);
  const rows = PACKAGES.map(
    ({ bundle, name, versions }) =>
      `${bundle.padEnd(10)} ${name.padEnd(18)} ${Object.values(versions).join(' → ')}`,
  );
  narrator.output(rows.join('\n'));
  narrator.output(`fetched ${fetched} packages, ${present} were in the cache`);
  narrator.figures('fetch packages', { milliseconds: performance.now() - started });
}

async function foundRepository(scene: Scene): Promise<void> {
  scene.narrator.chapter('A repository is founded', 'Once: keys for CI, and the trust anchor for devices.');
  await scene.run(['swupd-server', 'init', 'repo']);
}

async function publish(scene: Scene, build: Build): Promise<void> {
  scene.narrator.chapter(
    `CI publishes build ${build}`,
    'Hash, compress, make deltas and packs, sign; what comes out is a folder of static files.',
  );
  const command = ['swupd-server', 'build', 'repo', '--image', `image/${build}`, '--version', String(build)];
  const { milliseconds } = await scene.run(command);
  scene.narrator.figures(`build ${build}`, { milliseconds });
}

async function install(scene: Scene, server: RepositoryServer): Promise<void> {
  const { narrator } = scene;
  narrator.chapter(
    'A device is installed',
    'From the address, the trust anchor, and the names of the bundles.',
  );
  narrator.output(`swupd-server serve: ${server.url}`);
  mkdirSync(scene.place('device'));
  const fullSize = contentSize(scene.image(10, FIRST_BUNDLES));
  const where = ['device', '-u', server.url, '-C', 'repo/metadata/1.root.json'];
  const command = ['swupd', 'os-install', ...where, '-B', 'bundler,formatter'];
  await scene.measure('os-install of build 10', command, { server, fullSize });
  scene.claimSameTree(10, FIRST_BUNDLES);
  await scene.measure('check-update, nothing new', ['swupd', 'check-update', '-p', 'device'], {
    server,
    exit: 1,
  });
}

async function followUpdates(scene: Scene, server: RepositoryServer): Promise<void> {
  await publish(scene, 20);
  scene.narrator.chapter(
    'The device follows',
    'One pack a bundle, deltas against what the device has. Edited config stays.',
  );
  appendFileSync(scene.place('device', EDITED), 'This device stands in the hall.\n');
  scene.narrator.output(`edited ${EDITED} on the device`);
  await scene.measure('check-update, something new', ['swupd', 'check-update', '-p', 'device'], { server });
  await update(scene, server, { from: 10, to: 20 });
  await publish(scene, 30);
  scene.narrator.chapter(
    'And again',
    'This time with --dry-run first: the exact cost before anything happens.',
  );
  await scene.run(['swupd', 'update', '-p', 'device', '--dry-run']);
  await update(scene, server, { from: 20, to: 30 });
}

async function update(
  scene: Scene,
  server: RepositoryServer,
  { from, to }: { from: Build; to: Build },
): Promise<void> {
  const [before, after] = [scene.image(from, FIRST_BUNDLES), scene.image(to, FIRST_BUNDLES)];
  const fullSize = changedSize(before, after);
  const command = ['swupd', 'update', '-p', 'device'];
  const { bytes } = await scene.measure(`update ${from} → ${to}`, command, { server, fullSize });
  scene.claim('less than a tenth of the changed files went over the wire', bytes < fullSize / 10);
  scene.claimSameTree(to, FIRST_BUNDLES, [EDITED]);
}

async function addBundle(scene: Scene, server: RepositoryServer): Promise<void> {
  scene.narrator.chapter(
    'A bundle is added',
    'devtools has no files of its own: it includes linter and types, which come along.',
  );
  const fullSize = contentSize(scene.image(30, DEVTOOLS));
  await scene.measure('bundle-add devtools', ['swupd', 'bundle-add', '-p', 'device', 'devtools'], {
    server,
    fullSize,
  });
  await scene.run(['swupd', 'bundle-list', '-p', 'device']);
  scene.claimSameTree(30, ALL_BUNDLES, [EDITED]);
}

async function repairDamage(scene: Scene, server: RepositoryServer): Promise<void> {
  const { narrator } = scene;
  narrator.chapter(
    'The device is damaged',
    'verify says what is wrong and changes nothing; verify --fix carries that out.',
  );
  damageDevice(scene.place('device'));
  narrator.output(DAMAGES.map(({ path, text }) => `${text}: ${path}`).join('\n'));
  const fullSize = changedSize(scene.device(), scene.image(30, ALL_BUNDLES));
  const verify = ['swupd', 'verify', '-p', 'device'];
  const damaged = scene.device();
  const { stdout } = await scene.measure('verify, damaged', verify, { server, exit: 1 });
  const found = DAMAGES.every(({ path, finding }) => stdout.includes(`${finding}: /${path}`));
  scene.claim('verify has found every one of them', found);
  scene.claim('verify has changed nothing', compareTrees(damaged.nodes, scene.device().nodes).length === 0);
  await scene.measure('verify --fix', [...verify, '--fix'], { server, fullSize });
  await scene.measure('verify, repaired', verify, { server });
  scene.claimSameTree(30, ALL_BUNDLES, [EDITED]);
}

async function refuseForgery(scene: Scene, server: RepositoryServer): Promise<void> {
  scene.narrator.chapter(
    'A mirror lies',
    'Somebody says that there is something newer. The signature does not fit, so the device stays where it is.',
  );
  cpSync(scene.place('repo/metadata'), scene.place('mirror/metadata'), { recursive: true });
  const timestamp = scene.place('mirror/metadata/timestamp.json');
  const forged = readFileSync(timestamp, 'utf8').replaceAll(/"version":\d+/g, '"version":99');
  writeFileSync(timestamp, forged);
  const command = ['swupd', 'update', '-p', 'device', '-u', './mirror'];
  await scene.measure('update from a forged mirror', command, { server, exit: TRUST_EXIT });
  scene.claimSameTree(30, ALL_BUNDLES, [EDITED]);
}

async function removeBundle(scene: Scene, server: RepositoryServer): Promise<void> {
  scene.narrator.chapter(
    'A bundle is removed',
    'Without the network; what came along for it goes with --orphans.',
  );
  const remove = ['swupd', 'bundle-remove', '-p', 'device'];
  await scene.measure('bundle-remove devtools', [...remove, 'devtools'], { server });
  const { requests } = await scene.measure('bundle-remove --orphans', [...remove, '--orphans'], { server });
  scene.claim('nothing was asked of the server', requests === 0);
  scene.claimSameTree(30, FIRST_BUNDLES, [EDITED]);
}
