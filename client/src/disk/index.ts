export * from './disk.ts';
export * from './errno.ts';
export * from './files.ts';
export * from './path-walker.ts';
export { REAL_DISK } from './real-disk.ts';
