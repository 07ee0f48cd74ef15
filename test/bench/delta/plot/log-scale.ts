/** Where values lie on an axis whose steps are factors. */
export interface LogScale {
  /** Values that get a line and a label: 1, 2 and 5 times powers of ten. */
  readonly ticks: readonly number[];
  /** Place of a value in pixels. */
  at(value: number): number;
}

const STEPS = [1, 2, 5];
const SLACK = 1e-9;

/** The scale that shows all of `values`, which are above zero, between two places; it ends at ticks. */
export function logScale(values: readonly number[], [start, end]: readonly [number, number]): LogScale {
  const low = lastStep(Math.min(...values));
  const high = firstStep(Math.max(...values));
  const top = high > low ? high : firstStep(low * 1.5);
  const ticks: number[] = [];
  for (let tick = low; tick <= top * (1 + SLACK); tick = firstStep(tick * 1.5)) ticks.push(tick);
  const width = Math.log(top / low);
  return { ticks, at: (value) => start + ((end - start) * Math.log(value / low)) / width };
}

function lastStep(value: number): number {
  const power = powerBelow(value);
  const factor = STEPS.findLast((step) => step * power <= value * (1 + SLACK)) ?? 1;
  return factor * power;
}

function firstStep(value: number): number {
  const power = powerBelow(value);
  const factor = [...STEPS, 10].find((step) => step * power >= value * (1 - SLACK)) ?? 10;
  return factor * power;
}

function powerBelow(value: number): number {
  return 10 ** Math.floor(Math.log10(value) + SLACK);
}
