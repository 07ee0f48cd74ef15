import type { Tried } from './run-mutants.ts';

/** The share of mutants that the tests have to find. */
const BAR = 0.9;

interface Setting {
  readonly nameOf: (file: string) => string;
  readonly tests: number;
  readonly seconds: number;
  /** The text that says why mutants survive: `FILE: WHAT` stands in it for each that is known. */
  readonly explained: string;
}

/** A line for each file, the sum, and all that survived. */
export function formatReport(
  tried: readonly Tried[],
  { nameOf, tests, seconds, explained }: Setting,
): string {
  const files = Map.groupBy(tried, ({ mutant }) => nameOf(mutant.file));
  const rows = [...files].map(([name, own]) => rowOf(name, own));
  const width = Math.max(...rows.map(([name]) => name.length), 'all'.length);
  const lines = [...rows, rowOf('all', tried)].map(([name, rest]) => `${name.padEnd(width)}  ${rest}\n`);
  const survivors = tried.filter(hasSurvived).map(({ mutant, verdict }) => {
    const name = nameOf(mutant.file);
    const mark = explained.includes(`\`${name}: ${mutant.what}\``) ? 'explained' : 'NEW';
    return `${mark.padEnd(9)}  ${name}:${mutant.line} ${mutant.what} (${verdict})\n`;
  });
  return `${lines.join('')}\n${tests} tests, ${seconds.toFixed(0)} s\n\n${survivors.join('')}`;
}

export function isGood(tried: readonly Tried[]): boolean {
  return killedOf(tried) >= BAR * tried.length;
}

function rowOf(name: string, tried: readonly Tried[]): [name: string, text: string] {
  const killed = killedOf(tried);
  const share = ((100 * killed) / tried.length).toFixed(1);
  return [
    name,
    `${String(killed).padStart(5)} of ${String(tried.length).padStart(5)} killed  ${share.padStart(5)} %`,
  ];
}

function killedOf(tried: readonly Tried[]): number {
  return tried.filter((one) => !hasSurvived(one)).length;
}

function hasSurvived({ verdict }: Tried): boolean {
  return verdict === 'survived' || verdict === 'unreached';
}
