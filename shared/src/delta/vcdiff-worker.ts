import { parentPort } from 'node:worker_threads';
import { init, xd3_decode_memory, xd3_encode_memory } from 'xdelta3-wasm';
import type { VcdiffReply, VcdiffRequest } from './vcdiff-message.ts';

/**
 * The thread that `vcdiff.ts` runs `xdelta3-wasm` in. The module does not check its `malloc`: too large an input, or a
 * hostile payload, can throw and leave the memory broken. Nothing is caught here; the lane throws the thread away.
 */
await init();
parentPort?.on('message', (request: VcdiffRequest) => {
  const { ret, output } =
    request.kind === 'encode'
      ? xd3_encode_memory(request.target, request.source, request.outputMax, request.flags)
      : xd3_decode_memory(request.payload, request.source, request.outputMax);
  const reply: VcdiffReply = ret === 0 ? { kind: 'done', output } : { kind: 'refused', code: ret };
  parentPort?.postMessage(reply);
});
parentPort?.postMessage('ready');
