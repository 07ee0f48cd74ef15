/** One report of how far a stage is. `total` is 0 while it is not known. */
export interface ProgressStep {
  /** What is being done, for people: `scan`, `download`, … */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'files';
}

/** The port through which stages say how far they are. Calls are cheap; the renderer decides how often to draw. */
export interface Progress {
  report(step: ProgressStep): void;
  /** The stage is over; what the renderer shows of it is final. */
  finish(stage: string): void;
}

export const SILENT: Progress = { report: () => {}, finish: () => {} };
