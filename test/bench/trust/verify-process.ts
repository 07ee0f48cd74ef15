// Verifies a release in a process of its own, from the trust anchor to the MoM's signature, with nothing stored and all files read
// before. Prints the milliseconds of the first time, which has everything to compile, and of the times after it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import {
  buildKeys,
  driveTrust,
  loadChannel,
  offersOf,
  refreshTrust,
  verifyMom,
} from '@swupd/manifests/trust';

const ROUNDS = 21;
const [repository = '', clock = ''] = process.argv.slice(2);
const files = new Map<string, Buffer | undefined>();

/** What this run shows: the release that was verified, and how long that took. */
const times: number[] = [];
let version = 0;
// The first round only reads the files.
readRelease();
for (let round = 0; round < ROUNDS; round++) {
  const started = performance.now();
  version = verifyRelease();
  times.push(performance.now() - started);
}
process.stdout.write(JSON.stringify({ version, times }));

/** Reads what a verification asks for, without verifying anything: by the names in files that nobody has checked. */
function readRelease(): void {
  read(LAYOUT.root(1));
  for (let next = 2; read(LAYOUT.root(next)) !== undefined; next++);
  const timestamp = metaOf(read(LAYOUT.timestamp));
  const snapshot = metaOf(read(LAYOUT.metadata(`${timestamp['snapshot.json']?.version}.snapshot.json`)));
  for (const [file, { version: own }] of Object.entries(snapshot)) read(LAYOUT.metadata(`${own}.${file}`));
}

function metaOf(bytes: Buffer | undefined): Readonly<Record<string, { version: number }>> {
  return JSON.parse(bytes?.toString() ?? '{}').signed.meta;
}

function verifyRelease(): number {
  const root = read(LAYOUT.root(1)) ?? Buffer.alloc(0);
  const answer = (request: { kind: string; name?: string }): Buffer | undefined =>
    request.kind === 'fetch' ? read(LAYOUT.metadata(request.name ?? '')) : undefined;
  const set = driveTrust(refreshTrust({ root, clock: Number(clock) }), answer);
  const { page } = driveTrust(loadChannel(set, 'stable'), answer);
  const offer = offersOf(page, 'stable').at(-1);
  if (offer === undefined) throw new Error('nothing is offered');
  const keys = buildKeys(set);
  const signatures = [...keys.keys.keys()].flatMap(
    (keyid) => read(LAYOUT.momSignature(offer.version, keyid)) ?? [],
  );
  const mom = read(LAYOUT.mom(offer.version)) ?? Buffer.alloc(0);
  return verifyMom({ mom, signatures }, keys, offer).version;
}

function read(name: ObjectName): Buffer | undefined {
  if (!files.has(name)) {
    const path = join(repository, name);
    files.set(name, existsSync(path) ? readFileSync(path) : undefined);
  }
  return files.get(name);
}
