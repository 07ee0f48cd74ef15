import { init, xd3_decode_memory, xd3_encode_memory } from 'xdelta3-wasm';
import type { VcdiffReply, VcdiffRequest } from './vcdiff-message.ts';

/** Done as soon as `answerVcdiff` can be called. */
export const vcdiffReady: Promise<void> = init();

/**
 * What `xdelta3-wasm` makes of a request, in this thread. The module does not check its `malloc`: too large an input, or a
 * hostile payload, can throw and leave the memory broken.
 */
export function answerVcdiff(request: VcdiffRequest): VcdiffReply {
  const { ret, output } =
    request.kind === 'encode'
      ? xd3_encode_memory(request.target, request.source, request.outputMax, request.flags)
      : xd3_decode_memory(request.payload, request.source, request.outputMax);
  return ret === 0 ? { kind: 'done', output } : { kind: 'refused', code: ret };
}
