import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { ByteStream } from './byte-stream.ts';
import { negotiate } from './nbd-handshake.ts';
import type { VolatileDisk } from './volatile-disk.ts';

/** Numbers of the NBD protocol, https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md */
const REQUEST = { magic: 0x25609513, bytes: 28, read: 0, write: 1, disconnect: 2, flush: 3, fua: 1 } as const;
const REPLY_MAGIC = 0x67446698;
const EINVAL = 22;

export interface NbdServer extends AsyncDisposable {
  readonly socketPath: string;
  /** Writes and flushes so far. */
  readonly changes: number;
  /** From now on nothing is read, written or answered. */
  stop(): void;
}

/**
 * Offers the disk to one virtual machine. Writes are answered at once and durable with the next flush, or at once where the guest asks for
 * that (FUA). `beforeChange` hears of each write and flush before it is carried out; what it stops is not carried out any more.
 */
export async function startNbdServer(
  disk: VolatileDisk,
  socketPath: string,
  beforeChange: (number: number) => void = () => {},
): Promise<NbdServer> {
  const state = { changes: 0, stopped: false };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The machine is killed in the middle of its talk.
    socket.on('error', () => socket.destroy());
    void serve(socket, disk, { state, beforeChange }).finally(() => socket.destroy());
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    get changes() {
      return state.changes;
    },
    stop() {
      state.stopped = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Service {
  readonly state: { changes: number; stopped: boolean };
  readonly beforeChange: (number: number) => void;
}

async function serve(socket: Socket, disk: VolatileDisk, { state, beforeChange }: Service): Promise<void> {
  const input = new ByteStream(socket);
  if (!(await negotiate(input, socket, disk.size))) return;
  for (;;) {
    const head = await input.take(REQUEST.bytes);
    if (head === undefined || state.stopped || head.readUInt32BE(0) !== REQUEST.magic) return;
    const [flags, type, handle] = [head.readUInt16BE(4), head.readUInt16BE(6), head.subarray(8, 16)];
    const [offset, length] = [Number(head.readBigUInt64BE(16)), head.readUInt32BE(24)];
    const body = type === REQUEST.write ? await input.take(length) : undefined;
    if (type === REQUEST.disconnect || (type === REQUEST.write && body === undefined)) return;
    if (type === REQUEST.write || type === REQUEST.flush) beforeChange(++state.changes);
    if (state.stopped) return;
    if (offset + length > disk.size) reply(socket, handle, EINVAL);
    else if (type === REQUEST.read) reply(socket, handle, 0, Buffer.from(disk.read(offset, length)));
    else if (body !== undefined) {
      disk.write(offset, body);
      // The protocol asks for this write only; a flush confirms what was written before it too, which a real disk may do as well.
      if ((flags & REQUEST.fua) !== 0) disk.flush();
      reply(socket, handle, 0);
    } else if (type === REQUEST.flush) {
      disk.flush();
      reply(socket, handle, 0);
    } else reply(socket, handle, EINVAL);
  }
}

function reply(socket: Socket, handle: Buffer, error: number, data?: Buffer): void {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(REPLY_MAGIC, 0);
  head.writeUInt32BE(error, 4);
  handle.copy(head, 8);
  socket.write(data === undefined ? head : Buffer.concat([head, data]));
}
