import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LAYOUT } from '@swupd/manifests';
import {
  ed25519Key,
  formatOffer,
  offerPath,
  rootFields,
  signEnvelope,
  snapshotFields,
  targetsFields,
  timestampFields,
} from '@swupd/manifests/trust';
import { publicKeyOf, sha256 } from '@swupd/shared';
import { metadataObject } from '../repository/metadata-object.ts';
import { createLogger, type LogLevel } from './logger.ts';
import { createRepositoryServer, type RepositoryServer } from './repository-server.ts';

const SEED = Buffer.alloc(32, 7);
const KEYS = { keys: [ed25519Key(publicKeyOf(SEED))], threshold: 1 };
const EXPIRES = 4e9;

/** 256 bytes, each its own offset. */
export const BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
export const BLOB = LAYOUT.blob(sha256(BYTES));
const MOM_TARGET = LAYOUT.momTarget('stable', 10, sha256(Buffer.from('mom of build 10')));

const ROOT = rootFields({
  version: 1,
  expires: EXPIRES,
  roles: { root: KEYS, timestamp: KEYS, snapshot: KEYS, targets: KEYS },
});

/** The tree of a small repository; its channel `stable` offers build 10. */
export const TREE: Readonly<Record<string, Buffer>> = {
  [LAYOUT.root(1)]: signEnvelope(ROOT, [SEED]),
  ...offering(10),
  [LAYOUT.mom(10)]: Buffer.from('mom of build 10'),
  [LAYOUT.momSignature(10, sha256(SEED))]: Buffer.from('signature'),
  [MOM_TARGET]: Buffer.from('mom of build 10'),
  [BLOB]: BYTES,
  [LAYOUT.document(sha256(Buffer.from('document')))]: Buffer.from('frame'),
  [LAYOUT.delta(sha256(Buffer.from('old')), sha256(BYTES))]: Buffer.from('delta'),
  [LAYOUT.pack(sha256(Buffer.from('pack')))]: Buffer.from('pack'),
};

/** Metadata by which the channel `stable` offers a build, or nothing. */
export function offering(build: number | undefined): Readonly<Record<string, Buffer>> {
  const version = build ?? 1;
  const dates = { version, expires: EXPIRES };
  const offer = { digest: sha256(Buffer.from(`mom ${build}`)), size: 15, minFrom: undefined };
  const target = formatOffer({ ...offer, barrier: false, urgent: false, reason: undefined });
  const stable = signEnvelope(
    targetsFields({ ...dates, targets: { [offerPath('stable', version)]: target } }),
    [SEED],
  );
  const meta = build === undefined ? {} : { stable: { version, bytes: stable } };
  const snapshot = signEnvelope(snapshotFields({ ...dates, meta }), [SEED]);
  const fields = timestampFields({ ...dates, snapshot: { version, bytes: snapshot } });
  return {
    [LAYOUT.timestamp]: signEnvelope(fields, [SEED]),
    [metadataObject('snapshot', version)]: snapshot,
    ...(build === undefined ? {} : { [metadataObject('stable', version)]: stable }),
  };
}

/** The timestamp of a repository that offers `build`. */
export function timestampOf(build: number): Buffer {
  return offering(build)[LAYOUT.timestamp] as Buffer;
}

export interface ServedRepository extends AsyncDisposable {
  readonly repository: string;
  /** An empty folder beside the repository. */
  readonly outside: string;
  readonly server: RepositoryServer;
  readonly url: string;
  readonly port: number;
  /** The lines of the log as they come. */
  readonly log: LogRecorder;
}

/** Writes `tree` into a new folder and serves it on a free port. */
export async function serveTree(
  tree: Readonly<Record<string, Uint8Array>> = TREE,
  { closeGrace = 10_000, logLevel = 'info' as LogLevel } = {},
): Promise<ServedRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'repository-server-'));
  const [repository, outside] = [join(folder, 'repository'), join(folder, 'outside')];
  await mkdir(outside);
  await writeTree(repository, tree);
  const log = new LogRecorder();
  const logger = createLogger(logLevel, log);
  const server = createRepositoryServer({ repository, logger, closeGrace });
  const { url, port } = await server.listen('127.0.0.1', 0);
  const dispose = async () => {
    await server.close();
    await rm(folder, { recursive: true });
  };
  return { repository, outside, server, url, port, log, [Symbol.asyncDispose]: dispose };
}

export async function writeTree(folder: string, tree: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [name, bytes] of Object.entries(tree)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

/** Sends `request` byte for byte, and gives all that comes back until the server closes the connection. */
export async function exchange(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').write(request, 'latin1');
  return text(socket);
}

type LogLine = Readonly<Record<string, unknown>>;

/** The destination of a log that can be waited for. */
export class LogRecorder {
  readonly lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();

  write(line: string): void {
    this.lines.push(JSON.parse(line) as LogLine);
    for (const wake of this.#waiting) wake();
  }

  /** The first line with all the values of `wanted`, as soon as it has been written. */
  find(wanted: LogLine): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.lines.find((line) =>
          Object.entries(wanted).every(([key, value]) => line[key] === value),
        );
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
