export * from './download-all.ts';
export * from './download-file.ts';
export type { AppendFile, DownloadFiles } from './download-files.ts';
export { type FetchBytesOptions, type FetchPartOptions, fetchBytes, fetchPart } from './fetch-bytes.ts';
export * from './open-source.ts';
export type { DownloadRequest } from './part-file.ts';
export type { FloorRate, Repository, RepositoryOptions, RetryPolicy, TransferStats } from './repository.ts';
export { hasCode, REPOSITORY_ERRORS, RepositoryError, type RepositoryErrorCode } from './repository-error.ts';
