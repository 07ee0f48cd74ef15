import { ByteReader } from '../../../shared/src/delta/align/byte-reader.ts';
import type { Layout } from '../../../shared/src/delta/align/references/layout.ts';
import type { Column, Region } from '../../../shared/src/delta/align/references/region.ts';
import {
  readWindow,
  type WindowBody,
  type WindowHeader,
  writeWindow,
} from '../../../shared/src/delta/align/window-format.ts';
import { VarintWriter } from '../../../shared/src/varint.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import type { Mutation } from '../fuzz-target.ts';
import { mutateBytes } from '../mutate/mutate-bytes.ts';
import type { Random } from '../random.ts';

const WINDOW_MAX = 512 * 1024 * 1024;
const COLUMN_TYPES: readonly Column[] = [0, 1, 2, 3, 4];
const KINDS: readonly Region['kind'][] = ['x86', 'aarch64', 'words'];
/** Announced sizes that show whether memory grows with them. */
const LARGE_SIZES = [4 * 1024 * 1024, 48 * 1024 * 1024];

/** The first window of a payload, and all that follows it. */
interface Opened {
  readonly window: WindowHeader & WindowBody & { readonly whole: boolean };
  /** Literals, and more windows. */
  readonly rest: Uint8Array;
}

/** Changes of one field, with all lengths right: of a stream, so that any symbol can come; of the layout; of the sizes. */
export const ALIGN_MUTATIONS: readonly Mutation[] = [
  edit(({ window, rest }, random) => ({
    rest,
    window: { ...window, structure: bytesLike(window.structure, random) },
  })),
  edit(({ window, rest }, random) => ({
    rest,
    window: { ...window, differences: bytesLike(window.differences, random) },
  })),
  edit(({ window, rest }, random) => ({ window, rest: bytesLike(rest, random) })),
  edit(({ window, rest }, random) => ({ rest, window: { ...window, layout: editLayout(window, random) } })),
  edit(({ window, rest }, random) => ({ rest, window: { ...window, layout: editLayout(window, random) } })),
  edit(({ window, rest }, random) => ({
    rest,
    window: { ...window, ...editSizes(window, random), whole: random.oneIn(4) },
  })),
  (input) => ({
    ...input,
    targetSize: 2 * input.targetSize,
    payload: Buffer.concat([input.payload, input.payload]),
  }),
  (input, random) => (random.oneIn(200) ? announce(input, random.pick(LARGE_SIZES)) : undefined),
];

function edit(change: (opened: Opened, random: Random) => Opened): Mutation {
  return (input, random) => {
    const opened = open(input);
    return opened === undefined ? undefined : { ...input, payload: close(change(opened, random)) };
  };
}

/** Undefined where the payload is damaged already. */
function open({ source, payload, targetSize }: FuzzCase): Opened | undefined {
  const reader = new ByteReader(payload);
  try {
    const window = readWindow(reader, { source: source.length, target: targetSize }, WINDOW_MAX);
    return { window: { ...window, whole: payload[0] === 0 }, rest: reader.bytes(reader.left) };
  } catch {
    return undefined;
  }
}

function close({ window, rest }: Opened): Uint8Array {
  const writer = new VarintWriter();
  writeWindow(writer, window, window);
  writer.writeBytes(rest);
  return writer.take();
}

function editSizes({ start, source, target, copies }: Opened['window'], random: Random) {
  const near = (value: number) => Math.max(0, value + random.below(9) - 4);
  return random.pick<Partial<WindowHeader & WindowBody>>([
    { copies: near(copies) },
    { copies: random.below(1000) },
    { target: near(target) },
    { start: random.below(start + source + 1) },
    { source: near(source) },
    { start: near(start), source: near(source) },
  ]);
}

function editLayout({ layout, source }: Opened['window'], random: Random): Layout {
  const { regions } = layout;
  return random.pick<() => Layout>([
    () => ({ ...layout, regions: [anyRegion(source, random)] }),
    () => ({ ...layout, regions: behind(regions, source, random) }),
    () => ({ ...layout, regions: regions.slice(1) }),
    () => ({ ...layout, regions: regions.map((region) => ({ ...region, ...anyKind(random) })) }),
    () => ({ ...layout, source: [...layout.source, anySegment(source, random)] }),
    () => ({ ...layout, target: [...layout.target, anySegment(source, random)] }),
    () => ({ ...layout, source: layout.target, target: layout.source }),
    () => ({ ...layout, source: [anySegment(source, random)], target: [anySegment(source, random)] }),
  ])();
}

/** One more region behind the last. */
function behind(regions: readonly Region[], source: number, random: Random): Region[] {
  const last = regions.at(-1);
  const end = last === undefined ? 0 : last.start + last.length;
  const more = anyRegion(Math.max(1, source - end), random);
  return [...regions, { ...more, start: more.start + end }];
}

function anyRegion(source: number, random: Random): Region {
  const start = random.oneIn(2) ? 0 : random.below(source);
  const length = random.oneIn(2) ? source - start : 1 + random.below(source - start);
  return { start, length, ...anyKind(random) };
}

function anyKind(random: Random): Omit<Region, 'start' | 'length'> {
  const kind = random.pick(KINDS);
  const count = kind === 'words' ? 1 + random.below(random.oneIn(8) ? 17 : 4) : 0;
  const columns = Array.from({ length: count }, () => random.pick(COLUMN_TYPES));
  return { kind, columns, sourceBase: anyAddress(random), targetBase: anyAddress(random) };
}

function anySegment(source: number, random: Random): Layout['source'][number] {
  const offset = random.oneIn(2) ? 0 : random.below(source + 1);
  const size = random.below(source - offset + 1);
  const memory = size + (random.oneIn(2) ? 0 : random.below(2 ** 32 - 1));
  return { offset, size, address: anyAddress(random), memory };
}

function anyAddress(random: Random): number {
  return random.oneIn(2) ? random.below(0x2000) : random.word() | 0;
}

/** The same payload for a target of another size. */
function announce(input: FuzzCase, targetSize: number): FuzzCase | undefined {
  const opened = open(input);
  if (opened === undefined) return undefined;
  const window = { ...opened.window, target: targetSize };
  return { ...input, targetSize, payload: close({ ...opened, window }) };
}

function bytesLike(bytes: Uint8Array, random: Random): Uint8Array {
  return mutateBytes(bytes, 4096, { other: bytes, numbers: [bytes.length], random });
}
