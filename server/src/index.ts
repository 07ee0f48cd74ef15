export { BUILD_ERRORS, BuildError, type BuildErrorCode } from './build-error.ts';
export { type BuildOptions, type BuildResult, generateRelease } from './generate-release.ts';
export type { CountAndBytes, ReleaseSummary } from './plan/release-summary.ts';
export { type Founded, type InitOptions, initRepository } from './publication/init-repository.ts';
export type { Publication } from './publication/publish-change.ts';
export type { OfferRequest } from './stages/offer-change.ts';
