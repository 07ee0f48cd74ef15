/** Reads the binary format of WebAssembly, as far as C compilers write it: no vectors, no garbage collection. */
export class WasmReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @throws RangeError behind the end */
  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('the module ends too early');
    this.#at += 1;
    return byte;
  }

  bytes(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new RangeError('the module ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** LEB128. */
  unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** What lies behind its length: a section, or the body of a function. */
  nested(): WasmReader {
    return new WasmReader(this.bytes(this.unsigned()));
  }

  /** The declarations that a function body starts with. */
  locals(): Uint8Array {
    const start = this.#at;
    for (let groups = this.unsigned(); groups > 0; groups -= 1) {
      this.unsigned();
      this.byte();
    }
    return this.#bytes.subarray(start, this.#at);
  }

  /** The next instruction with its operands. */
  instruction(): Uint8Array {
    const start = this.#at;
    this.#skipOperands(this.byte());
    return this.#bytes.subarray(start, this.#at);
  }

  /** WebAssembly Core Specification, 5.4. A signed number has as many bytes as an unsigned one: `unsigned` skips it. */
  #skipOperands(opcode: number): void {
    if (opcode === 0x0e || opcode === 0x1c) this.#skipNumbers(this.unsigned() + (opcode === 0x0e ? 1 : 0));
    else if (opcode === 0x43) this.bytes(4);
    else if (opcode === 0x44) this.bytes(8);
    else if (opcode >= 0x28 && opcode <= 0x3e) this.#skipMemory();
    else if (opcode === 0xfc) this.#skipLong(this.unsigned());
    else if (opcode === 0x11) this.#skipNumbers(2);
    else if (ONE_OPERAND.has(opcode)) this.unsigned();
    else if (!isPlain(opcode)) throw new RangeError(`instruction ${opcode} is unknown`);
  }

  #skipMemory(): void {
    if ((this.unsigned() & 0x40) !== 0) this.unsigned();
    this.unsigned();
  }

  #skipLong(opcode: number): void {
    const operands = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][opcode];
    if (operands === undefined) throw new RangeError(`instruction 0xfc ${opcode} is unknown`);
    this.#skipNumbers(operands);
  }

  #skipNumbers(count: number): void {
    for (let index = 0; index < count; index += 1) this.unsigned();
  }
}

/** block, loop, if, br, br_if, call, return_call, locals, globals, tables, memory size, integer constants, references. */
const ONE_OPERAND: ReadonlySet<number> = new Set([
  0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x12, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42,
  0xd0, 0xd2,
]);

/** unreachable, nop, else, end, return, drop, select, ref.is_null, and arithmetic. */
function isPlain(opcode: number): boolean {
  return (
    [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(opcode) || (opcode >= 0x45 && opcode <= 0xc4)
  );
}

/** LEB128. */
export function encodeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
