import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * `env` for a worker thread, with the compile cache of this process: threads don't inherit it, and would compile every module
 * again, which costs each of them time and some 30 MB.
 */
export function threadEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? env : { ...env, NODE_COMPILE_CACHE: dirname(cache) };
}
