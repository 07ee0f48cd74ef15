import type { Writable } from 'node:stream';
import type { ByteStream } from './byte-stream.ts';
import { SECTOR } from './volatile-disk.ts';

/** Numbers of the NBD protocol's fixed newstyle negotiation. */
const NBDMAGIC = 0x4e42444d41474943n;
const IHAVEOPT = 0x49484156454f5054n;
const REPLY = 0x3e889045565a9n;
const SERVER_FLAGS = 0b11;
const OPTION = { abort: 2, info: 6, go: 7 } as const;
const REP = { ack: 1, info: 3, unsupported: 0x80000001 } as const;
const INFO = { export: 0, blockSize: 3 } as const;
/** There are flags; FLUSH and FUA are known. */
const EXPORT_FLAGS = 0b1101;
const PREFERRED = SECTOR;
const MOST = 32 * 1024 * 1024;

/** Agrees with the client on the one export. @returns whether it goes on to requests */
export async function negotiate(input: ByteStream, output: Writable, size: number): Promise<boolean> {
  output.write(Buffer.concat([big(NBDMAGIC), big(IHAVEOPT), short(SERVER_FLAGS)]));
  if ((await input.take(4)) === undefined) return false;
  for (;;) {
    const head = await input.take(16);
    if (head === undefined) return false;
    const option = head.readUInt32BE(8);
    if ((await input.take(head.readUInt32BE(12))) === undefined) return false;
    const answer = (type: number, data: Buffer = Buffer.alloc(0)): void => {
      output.write(Buffer.concat([big(REPLY), word(option), word(type), word(data.length), data]));
    };
    if (option === OPTION.go || option === OPTION.info) {
      answer(REP.info, Buffer.concat([short(INFO.export), big(BigInt(size)), short(EXPORT_FLAGS)]));
      answer(REP.info, Buffer.concat([short(INFO.blockSize), word(SECTOR), word(PREFERRED), word(MOST)]));
      answer(REP.ack);
      if (option === OPTION.go) return true;
    } else if (option === OPTION.abort) {
      answer(REP.ack);
      return false;
    } else answer(REP.unsupported);
  }
}

function big(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
