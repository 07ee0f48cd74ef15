/** What differs between two builds of the test's program. */
export interface ProgramOptions {
  readonly functions: number;
  /** Function that has more code than in the other build, so that all behind it moves. */
  readonly longer?: number;
  /** e_machine; x86-64 where it is left out. */
  readonly machine?: number;
}

const CODE = 0x1000;
const CODE_ADDRESS = 0x401000;
const DATA_ADDRESS = 0x600000;

/**
 * A 64-bit ELF file with an executable segment, in which each function calls three others and reads one variable, and a table of their
 * addresses behind it. Enough of a program for the codec; nothing runs it.
 */
export function testProgram({ functions, longer = -1, machine = 62 }: ProgramOptions): Uint8Array {
  const starts: number[] = [];
  let size = 0;
  for (let index = 0; index < functions; index += 1) {
    starts.push(size);
    size += bodyOf(index, longer).length + 22;
  }
  const code = Buffer.concat(starts.map((start, index) => functionBytes({ index, start, starts, longer })));
  const table = Buffer.alloc(8 * functions);
  for (const [index, start] of starts.entries()) table.writeUInt32LE(CODE_ADDRESS + start, 8 * index);
  const dataOffset = CODE + Math.ceil(code.length / 16) * 16;
  const file = Buffer.alloc(dataOffset + table.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(64, 32);
  file.writeUInt16LE(2, 56);
  writeSegment(file, 64, { flags: 5, offset: CODE, address: CODE_ADDRESS, size: code.length });
  writeSegment(file, 120, { flags: 6, offset: dataOffset, address: DATA_ADDRESS, size: table.length });
  file.set(code, CODE);
  file.set(table, dataOffset);
  return file;
}

function functionBytes({
  index,
  start,
  starts,
  longer,
}: {
  index: number;
  start: number;
  starts: readonly number[];
  longer: number;
}): Buffer {
  const body = bodyOf(index, longer);
  const operands = Buffer.alloc(22);
  let at = 0;
  for (const step of [1, 7, 31]) {
    const callee = starts[(index * 5 + step) % starts.length] as number;
    operands[at] = 0xe8;
    operands.writeInt32LE(callee - (start + body.length + at + 5), at + 1);
    at += 5;
  }
  operands.set([0x48, 0x8b, 0x05], at);
  const variable = DATA_ADDRESS + 8 * (index % 16);
  operands.writeInt32LE(variable - (CODE_ADDRESS + start + body.length + 22), at + 3);
  return Buffer.concat([body, operands]);
}

/** Bytes that no other function has, and that look like no reference. */
function bodyOf(index: number, longer: number): Buffer {
  const body = Buffer.alloc(24 + (index % 5) * 4 + (index === longer ? 12 : 0));
  let state = index * 2654435761 + 1;
  for (let at = 0; at < body.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    body[at] = 0x50 + ((state >>> 24) % 0x20);
  }
  return body;
}

function writeSegment(
  file: Buffer,
  at: number,
  { flags, offset, address, size }: { flags: number; offset: number; address: number; size: number },
): void {
  file.writeUInt32LE(1, at);
  file.writeUInt32LE(flags, at + 4);
  file.writeUInt32LE(offset, at + 8);
  file.writeUInt32LE(address, at + 16);
  file.writeUInt32LE(size, at + 32);
  file.writeUInt32LE(size, at + 40);
}
