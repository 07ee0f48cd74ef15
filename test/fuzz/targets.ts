import type { FuzzTarget } from './fuzz-target.ts';

/** Every decoder of bytes that nothing signed covers. Loaded late, so that its branches can be counted. */
const TARGETS = {
  container: async () => (await import('./targets/container.ts')).container,
  vcdiff: async () => (await import('./targets/vcdiff.ts')).vcdiffTarget,
  'zstd-patch': async () => (await import('./targets/zstd-patch.ts')).zstdPatchTarget,
  'zstd-pieces': async () => (await import('./targets/zstd-patch.ts')).zstdPiecesTarget,
  'x86-filter': async () => (await import('./targets/x86-filter.ts')).x86FilterTarget,
  align: async () => (await import('./targets/align.ts')).alignTarget,
  'align-large': async () => (await import('./targets/align.ts')).alignLargeTarget,
  inflated: async () => (await import('./targets/inflated.ts')).inflatedTarget,
  'put-together': async () => (await import('./targets/deflate.ts')).putTogetherTarget,
  'take-apart': async () => (await import('./targets/deflate.ts')).takeApartTarget,
} satisfies Record<string, () => Promise<FuzzTarget>>;

export type TargetName = keyof typeof TARGETS;

export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

export function isTargetName(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}

export function loadTarget(name: TargetName): Promise<FuzzTarget> {
  return TARGETS[name]();
}
