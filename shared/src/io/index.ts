export * from './hash-file.ts';
export * from './monotonic-time.ts';
export * from './object-source.ts';
export * from './process-identity.ts';
export * from './sync-file-system.ts';
export * from './worker-pool.ts';
export * from './write-atomic.ts';
export * from './xattrs.ts';
