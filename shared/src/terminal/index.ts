export * from './format-figures.ts';
export * from './printable.ts';
export * from './progress-bar.ts';
