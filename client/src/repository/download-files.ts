import type { HashedFile } from '@swupd/shared/io';

/** A file that grows at its end. */
export interface AppendFile {
  /** Writes all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes durable what was written. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What downloads do to the disk: one flat folder, ASCII names. Failures are the system's own errors. */
export interface DownloadFiles {
  /** Bytes of the file, or undefined where there is none. */
  sizeOf(name: string): number | undefined;
  /** Small files only. */
  readText(name: string): string | undefined;
  writeText(name: string, text: string): void;
  /** Opens or makes the file for appending, cut to its first `keep` bytes. */
  append(name: string, keep: number): Promise<AppendFile>;
  hash(name: string): HashedFile;
  rename(from: string, to: string): void;
  /** No error where there is none. */
  remove(name: string): void;
}
