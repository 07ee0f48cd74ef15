export * from './format-figures.ts';
export * from './progress-bar.ts';
