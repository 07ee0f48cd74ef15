import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { ByteStream } from './byte-stream.ts';
import { startNbdServer } from './nbd-server.ts';
import { SECTOR, VolatileDisk } from './volatile-disk.ts';

const [READ, WRITE, FLUSH, TRIM] = [0, 1, 3, 4];
const FUA = 1;
const ONES = Buffer.alloc(SECTOR, 1);

test('a write is read back, and durable after a flush only', async () => {
  const { disk, request } = await openExport();
  expect(await request(WRITE, { offset: SECTOR, body: ONES })).toEqual({ error: 0 });
  expect(await request(READ, { offset: SECTOR, length: SECTOR })).toEqual({ error: 0, data: ONES });
  expect(disk.cutPower(new Random(1)).loss.unflushed).toBe(1);
  expect(await request(FLUSH)).toEqual({ error: 0 });
  expect(disk.cutPower(new Random(1)).loss.unflushed).toBe(0);
});

test('a write with FUA is durable at once', async () => {
  const { disk, request } = await openExport();
  await request(WRITE, { flags: FUA, body: ONES });
  expect(disk.cutPower(new Random(1)).content.subarray(0, SECTOR)).toEqual(ONES);
});

test.for([
  ['beyond the end', READ, { offset: 16 * SECTOR, length: SECTOR }],
  ['of an unknown kind', TRIM, { length: SECTOR }],
] as const)('a request %s is refused', async ([, type, options]) => {
  const { request } = await openExport();
  expect(await request(type, options)).toEqual({ error: 22 });
});

test('after a stop nothing is carried out, not even what has stopped it', async () => {
  const { disk, request, heard } = await openExport(2);
  await request(WRITE, { body: ONES });
  expect(await request(WRITE, { offset: SECTOR, body: ONES })).toBeUndefined();
  expect(heard).toEqual([1, 2]);
  expect(disk.read(SECTOR, SECTOR)).toEqual(Buffer.alloc(SECTOR));
});

interface RequestOptions {
  readonly flags?: number;
  readonly offset?: number;
  readonly length?: number;
  readonly body?: Buffer;
}

/** A disk of 16 sectors behind a server, which stops at change `stopAt`, and a client of it. */
async function openExport(stopAt = 0) {
  const folder = tempFolder();
  const disk = new VolatileDisk(Buffer.alloc(16 * SECTOR));
  const heard: number[] = [];
  const server = await startNbdServer(disk, join(folder.path, 'socket'), (number) => {
    heard.push(number);
    if (number === stopAt) server.stop();
  });
  const socket = connect(server.socketPath);
  await once(socket, 'connect');
  onTestFinished(async () => {
    socket.destroy();
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const input = new ByteStream(socket);
  await goToExport(socket, input);
  return { disk, heard, request: requester(socket, input) };
}

/** Newstyle negotiation, with an option that the server does not know before the one that it needs. */
async function goToExport(socket: Socket, input: ByteStream): Promise<void> {
  expect((await input.take(18))?.subarray(0, 16).toString('latin1')).toBe('NBDMAGICIHAVEOPT');
  socket.write(Buffer.alloc(4));
  const option = (number: number, data: Buffer): void => {
    const head = Buffer.alloc(16);
    head.write('IHAVEOPT', 'latin1');
    head.writeUInt32BE(number, 8);
    head.writeUInt32BE(data.length, 12);
    socket.write(Buffer.concat([head, data]));
  };
  const answer = async (): Promise<{ readonly type: number; readonly data: Buffer }> => {
    const head = (await input.take(20)) ?? Buffer.alloc(20);
    return {
      type: head.readUInt32BE(12),
      data: (await input.take(head.readUInt32BE(16))) ?? Buffer.alloc(0),
    };
  };
  option(8, Buffer.alloc(0));
  expect((await answer()).type).toBe(0x80000001);
  option(7, Buffer.alloc(6));
  expect((await answer()).data.readBigUInt64BE(2)).toBe(BigInt(16 * SECTOR));
  expect((await answer()).type).toBe(3);
  expect((await answer()).type).toBe(1);
}

/** Sends one request at a time; undefined where the server hangs up. */
function requester(socket: Socket, input: ByteStream) {
  return async (
    type: number,
    { flags = 0, offset = 0, body = Buffer.alloc(0), length = body.length }: RequestOptions = {},
  ): Promise<{ readonly error: number; readonly data?: Buffer } | undefined> => {
    const head = Buffer.alloc(28);
    head.writeUInt32BE(0x25609513, 0);
    head.writeUInt16BE(flags, 4);
    head.writeUInt16BE(type, 6);
    head.writeBigUInt64BE(BigInt(offset), 16);
    head.writeUInt32BE(length, 24);
    socket.write(Buffer.concat([head, body]));
    const reply = await input.take(16);
    if (reply === undefined) return undefined;
    const error = reply.readUInt32BE(4);
    const data = type === READ && error === 0 ? await input.take(length) : undefined;
    return data === undefined ? { error } : { error, data };
  };
}
