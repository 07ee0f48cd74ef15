import type { FuzzTarget } from './fuzz-target.ts';

/**
 * Every decoder of bytes that nothing signed covers, and every parser of bytes whose author may be hostile all the same. Loaded
 * late, so that its branches can be counted.
 */
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
  manifest: async () => (await import('./targets/documents.ts')).manifestTarget,
  mom: async () => (await import('./targets/documents.ts')).momTarget,
  'delta-index': async () => (await import('./targets/documents.ts')).deltaIndexTarget,
  difference: async () => (await import('./targets/documents.ts')).differenceTarget,
  'pack-head': async () => (await import('./targets/packs.ts')).packHeadTarget,
  'pack-index': async () => (await import('./targets/packs.ts')).packIndexTarget,
  frame: async () => (await import('./targets/packs.ts')).frameTarget,
  root: async () => (await import('./targets/trust.ts')).rootTarget,
  metadata: async () => (await import('./targets/trust.ts')).metadataTarget,
  'mom-signature': async () => (await import('./targets/trust.ts')).momSignatureTarget,
  'http-answer': async () => (await import('./targets/http.ts')).answerTarget,
  'http-request': async () => (await import('./targets/http.ts')).requestTarget,
  url: async () => (await import('./targets/http.ts')).urlTarget,
  installed: async () => (await import('./targets/state-files.ts')).installedTarget,
  setting: async () => (await import('./targets/settings.ts')).settingTarget,
  'bundles-toml': async () => (await import('./targets/settings.ts')).bundlesTomlTarget,
  journal: async () => (await import('./targets/state-files.ts')).journalTarget,
  history: async () => (await import('./targets/state-files.ts')).historyTarget,
  previous: async () => (await import('./targets/state-files.ts')).previousTarget,
  'due-hooks': async () => (await import('./targets/state-files.ts')).dueHooksTarget,
  keep: async () => (await import('./targets/state-files.ts')).keepTarget,
} satisfies Record<string, () => Promise<FuzzTarget>>;

export type TargetName = keyof typeof TARGETS;

export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

export function isTargetName(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}

export function loadTarget(name: TargetName): Promise<FuzzTarget> {
  return TARGETS[name]();
}
