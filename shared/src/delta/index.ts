export type { DeltaCodec } from './codec.ts';
export { CODECS, codecNameOf } from './codecs.ts';
export { decodeDelta } from './decode-delta.ts';
export { DELTA_ERRORS, DeltaError } from './delta-error.ts';
export { bytesSource, type DeltaSource } from './delta-source.ts';
export {
  type EncodedDelta,
  type EncodingAttempt,
  encodeDelta,
  encodeDeltaWindowed,
} from './encode-delta.ts';
export { type EncodedJoint, encodeJoint, jointMemory } from './encode-joint.ts';
export { ENCODING_BUDGET, type EncodingPlan, planEncoding } from './plan-encoding.ts';
export { closeDeltaWorkers } from './vcdiff/vcdiff.ts';
