import {
  applyDifference,
  formatDeltaIndex,
  formatManifest,
  formatMom,
  parseDeltaIndex,
  parseManifest,
  parseMom,
} from '@swupd/manifests';
import { sha256 } from '@swupd/shared';
import { parserTarget, vector } from './parser-target.ts';

const EMPTY = {
  manifest: Buffer.from('swupd-manifest\t1\nbundle\tx\nversion\t1\nentries\t0\n\n'),
  mom: Buffer.from('swupd-mom\t1\nversion\t1\nprevious\t0\ntime\t0\nbundles\t0\n\n'),
  deltas: Buffer.from('swupd-deltas\t1\nbundle\tx\ndeltas\t0\n\n'),
};

export const manifestTarget = parserTarget({
  name: 'manifest',
  isCanonical: true,
  parse: ({ payload }) => formatManifest(parseManifest(payload)),
  seeds: () => [
    { name: 'empty', payload: EMPTY.manifest },
    ...['docs-20', 'editors-20', 'os-core-10', 'tools-20'].map((name) => ({
      name,
      payload: vector(`manifest-${name}.txt`),
    })),
  ],
});

export const momTarget = parserTarget({
  name: 'mom',
  isCanonical: true,
  parse: ({ payload }) => formatMom(parseMom(payload)),
  seeds: () => [
    { name: 'empty', payload: EMPTY.mom },
    { name: 'vector', payload: vector('mom.txt') },
  ],
});

export const deltaIndexTarget = parserTarget({
  name: 'delta-index',
  isCanonical: true,
  parse: ({ payload }) => formatDeltaIndex(parseDeltaIndex(payload)),
  seeds: () => [
    { name: 'empty', payload: EMPTY.deltas },
    { name: 'vector', payload: vector('deltas-editors-20.txt') },
  ],
});

const OLD = vector('manifest-editors-10.txt');
const KNOWN = { manifest: parseManifest(OLD), digest: sha256(OLD) };
const TO = /^to\t[0-9a-f]{64}$/m;

export const differenceTarget = parserTarget({
  name: 'difference',
  isCanonical: false,
  parse: ({ payload }) => {
    const { manifest, bytes } = applyDifference(KNOWN, payload);
    return Buffer.compare(formatManifest(manifest), bytes) === 0 ? bytes : undefined;
  },
  seeds: () => [{ name: 'vector', payload: vector('difference-editors-10-20.txt') }, emptyDifference()],
});

function emptyDifference(): { name: string; payload: Uint8Array } {
  const text = vector('difference-editors-10-20.txt').toString('latin1');
  const head = text.slice(0, text.indexOf('\n\n') + 2).replace(/^lines\t\d+$/m, 'lines\t0');
  const version = KNOWN.manifest.version;
  const payload = head.replace(TO, `to\t${KNOWN.digest}`).replace(/^version\t\d+$/m, `version\t${version}`);
  return { name: 'no-change', payload: Buffer.from(payload, 'latin1') };
}
