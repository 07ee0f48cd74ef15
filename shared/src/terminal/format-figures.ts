import prettyBytes from 'pretty-bytes';

/** `11.4 MB`, decimal units as download figures use. */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes);
}

/** `8.2 MB/s` */
export function formatRate(bytes: number, milliseconds: number): string {
  return `${prettyBytes(milliseconds > 0 ? (bytes * 1000) / milliseconds : 0)}/s`;
}

/** `4.2 s`, `1 min 12 s` */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `17,028` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 file`, `3 files` */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
