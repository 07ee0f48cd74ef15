export type { DeltaCodec } from './codec.ts';
export { CODECS } from './codecs.ts';
export { decodeDelta } from './decode-delta.ts';
export { DELTA_ERRORS, DeltaError } from './delta-error.ts';
export { bytesSource, type DeltaSource } from './delta-source.ts';
export { type EncodedDelta, encodeDelta } from './encode-delta.ts';
export { closeDeltaWorkers } from './vcdiff.ts';
