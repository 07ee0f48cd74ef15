/** Milliseconds of a clock that nobody sets, for worker threads: a clock that is passed in does not reach them. */
export function monotonicTime(): number {
  return performance.now();
}
