import { vcdiff, vcdiffOver } from '../../../shared/src/delta/vcdiff/vcdiff.ts';
import { answerVcdiff, vcdiffReady } from '../../../shared/src/delta/vcdiff/vcdiff-answer.ts';
import type { VcdiffReply, VcdiffRequest } from '../../../shared/src/delta/vcdiff/vcdiff-message.ts';
import type { LaneResult } from '../../../shared/src/delta/vcdiff/worker-lane.ts';
import { decodeGuarded } from '../decode-guarded.ts';
import { wasmInstances } from '../edges/install-coverage.ts';
import { Finding } from '../finding.ts';
import type { NamedCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { codecSeeds } from './codec-seeds.ts';
import { PAIRS } from './pairs.ts';
import { editWindow } from './vcdiff-windows.ts';
import { WasmMemory } from './wasm-memory.ts';

await vcdiffReady;
/** Refusals after which the module gets a new memory; a thread would end after the first. */
const REFUSALS = 16;
/** One of so many results is made a second time, over another memory. */
const AGAIN = 32;
/** XD3_ADLER32: each window has a checksum. */
const ADLER32 = 1 << 10;
let memory: WasmMemory | undefined;
let refusals = 0;
let results = 0;

/** The codec with its requests answered in this thread instead of a worker, which takes a thousand times as long. */
const codec = vcdiffOver({
  async call(request) {
    const result = answer(request().message);
    if (result.kind === 'reply' && result.reply.kind === 'done') {
      results += 1;
      if (results % AGAIN === 0) checkIndependence(request, result.reply.output);
      return result;
    }
    refusals += 1;
    // What the error left behind is not what production sees: it throws the thread away.
    if (result.kind === 'crash' || refusals % REFUSALS === 0) memory?.reset(0);
    return result;
  },
});

/** `xdelta3-wasm` in its sandbox. An error in there is a refusal; what comes out must not depend on what lay in its memory. */
export const vcdiffTarget: FuzzTarget = {
  name: 'vcdiff',
  run(input) {
    memory ??= new WasmMemory(wasmInstances[0]);
    return decodeGuarded(codec, input);
  },
  makeSeeds: async () => [...(await codecSeeds(vcdiff)), ...foreignSeeds()],
  mutations: [editWindow],
};

/** What xdelta3 writes with other flags than ours, for a reader meets those as well: self-matching, and a checksum. */
function foreignSeeds(): NamedCase[] {
  return PAIRS.flatMap(({ name, source, target }) =>
    [0, ADLER32].flatMap((flags): NamedCase[] => {
      const bytes = { source: new Uint8Array(source), target: new Uint8Array(target) };
      const result = answer({ kind: 'encode', ...bytes, outputMax: 4096, flags });
      if (result.kind !== 'reply' || result.reply.kind !== 'done') return [];
      const payload = new Uint8Array(result.reply.output);
      return [{ name: `${name}-${flags}`, source, payload, targetSize: target.length, reads: 'whole' }];
    }),
  );
}

function answer(message: VcdiffRequest): LaneResult<VcdiffReply> {
  try {
    return { kind: 'reply', reply: answerVcdiff(message) };
  } catch (cause) {
    return { kind: 'crash', cause };
  }
}

/** @throws Finding `unstable` where the decoder reads what is neither source nor payload */
function checkIndependence(request: () => { message: VcdiffRequest }, output: Uint8Array): void {
  for (const filler of [0xa5, 0]) {
    memory?.reset(filler);
    const again = answer(request().message);
    if (
      again.kind === 'reply' &&
      again.reply.kind === 'done' &&
      Buffer.compare(again.reply.output, output) === 0
    )
      continue;
    throw new Finding('unstable', `what comes out depends on what lay in memory`);
  }
}
