export * from './images.ts';
export * from './listing.ts';
export * from './model-disk.ts';
export type { Observer } from './model-file.ts';
export * from './node.ts';
export { SystemError } from './system-error.ts';
export { ROOMY, type VolumeLimits } from './volume.ts';
export type { Below, ImageOptions } from './volume-images.ts';
