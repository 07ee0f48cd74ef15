export { BUILD_ERRORS, BuildError, type BuildErrorCode } from './build-error.ts';
export { type BuildOptions, type BuildResult, generateRelease } from './generate-release.ts';
export type { CountAndBytes, ReleaseSummary } from './plan/release-summary.ts';
export { type Founded, type InitOptions, initRepository } from './repository/init-repository.ts';
export type { Publication } from './repository/publish-change.ts';
export type { OfferRequest } from './stages/publish-release.ts';
