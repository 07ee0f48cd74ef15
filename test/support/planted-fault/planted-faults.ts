/** A line of the client as somebody could get it wrong. */
export interface PlantedFault {
  readonly edits: readonly {
    /** Below the workspace. */
    readonly file: string;
    /** Stands there exactly once. */
    readonly from: string;
    readonly to: string;
  }[];
}

/** What the proofs must find, by name. The sources stay as they are: the edits are made in the memory of one process. */
export const PLANTED_FAULTS = {
  'size unchecked': {
    edits: [
      {
        file: 'client/src/repository/part-file.ts',
        from: 'if (this.position + bytes.length > size) throw tooLong(name, size);',
        to: '',
      },
    ],
  },
  'limit unchecked': {
    edits: [
      {
        file: 'client/src/repository/fetch-bytes.ts',
        from: 'if (length > limit) throw tooLong(name, limit);',
        to: '',
      },
    ],
  },
  'link followed': {
    edits: [
      {
        file: 'client/src/disk/real-disk.ts',
        from: 'O_RDONLY | O_DIRECTORY | O_NOFOLLOW',
        to: 'O_RDONLY | O_DIRECTORY',
      },
    ],
  },
  'resume without If-Range': {
    edits: [
      {
        file: 'client/src/repository/http-source.ts',
        from: "...(etag === undefined ? {} : { 'if-range': etag })",
        to: '',
      },
    ],
  },
  'obstacles kept': {
    edits: [
      {
        file: 'client/src/commands/diagnose.ts',
        from: 'options.picky ? cleared(looked, options) : looked.plan',
        to: '(void cleared, looked.plan)',
      },
    ],
  },
  'owner unchecked': {
    edits: [
      {
        file: 'client/src/disk/real-disk.ts',
        from: 'if (!isOwned) fchownSync(fd, uid, gid);',
        to: 'void fchownSync;',
      },
    ],
  },
} as const satisfies Readonly<Record<string, PlantedFault>>;

export type PlantedFaultName = keyof typeof PLANTED_FAULTS;
