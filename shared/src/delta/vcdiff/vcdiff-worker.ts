import { parentPort } from 'node:worker_threads';
import { answerVcdiff, vcdiffReady } from './vcdiff-answer.ts';
import type { VcdiffRequest } from './vcdiff-message.ts';

/** The thread that `vcdiff.ts` runs `xdelta3-wasm` in. Nothing is caught here; the lane throws the thread away. */
await vcdiffReady;
parentPort?.on('message', (request: VcdiffRequest) => {
  parentPort?.postMessage(answerVcdiff(request));
});
parentPort?.postMessage('ready');
