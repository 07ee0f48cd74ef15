import { sha256 } from '@swupd/shared';
import { keepLimit } from '../../../client/src/device/keep-limit.ts';
import { readDueHooks } from '../../../client/src/state/due-hooks.ts';
import { readHistory } from '../../../client/src/state/history.ts';
import { readInstalledRecord } from '../../../client/src/state/installed-record.ts';
import { readPrevious } from '../../../client/src/state/previous-versions.ts';
import { readJournal } from '../../../client/src/transaction/journal/journal.ts';
import { Finding } from '../finding.ts';
import { folderWith } from './folder-with.ts';
import { parserTarget, summary } from './parser-target.ts';

const DIGEST = 'ab'.repeat(32);
const RECORD = {
  format: 1,
  version: 20,
  mom: DIGEST,
  bundles: [{ name: 'os-core', tracked: false }],
  url: 'https://updates.example.org/os',
};
const EVENT = { command: 'update', from: 10, to: 20, bytes: 5 };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export const installedTarget = parserTarget({
  name: 'installed',
  isCanonical: false,
  parse: ({ payload }) => {
    const record = readInstalledRecord(folderWith(payload));
    return record === undefined ? undefined : summary(record);
  },
  seeds: () => [
    { name: 'record', payload: json(RECORD) },
    { name: 'small', payload: json({ ...RECORD, bundles: [] }) },
  ],
});

/** A journal that has been torn or damaged anywhere counts as none: only the very bytes that were written are one. */
export const journalTarget = parserTarget({
  name: 'journal',
  isCanonical: false,
  parse: ({ payload }) => {
    const found = readJournal(folderWith(payload));
    if (found === undefined) return undefined;
    if (found.id !== sha256(JOURNAL)) throw new Finding('unstable', 'a damaged journal counts as one');
    return Buffer.from(found.phase);
  },
  seeds: () => {
    const begun = `swupd-journal 2 ${sha256(JOURNAL)} ${JOURNAL.length}\n${JOURNAL}\n`;
    return ['', 'back\n', 'committed\n'].map((marks, index) => ({
      name: `journal-${index}`,
      payload: Buffer.from(begun + marks),
    }));
  },
});

const JOURNAL = json({
  steps: [],
  removals: [],
  record: RECORD,
  isNewRecord: true,
  event: EVENT,
  historyBytes: 0,
});

export const historyTarget = parserTarget({
  name: 'history',
  isCanonical: false,
  parse: ({ payload }) => summary(readHistory(folderWith(payload))),
  seeds: () => {
    const line = JSON.stringify({ ...EVENT, time: 1, outcome: 'done', cut: false });
    return [
      { name: 'lines', payload: Buffer.from(`${line}\n${line}\n`) },
      { name: 'torn', payload: Buffer.from(`${line}\n${line.slice(0, 20)}`) },
    ];
  },
});

export const previousTarget = parserTarget({
  name: 'previous',
  isCanonical: false,
  parse: ({ payload }) => {
    const previous = readPrevious(folderWith(payload));
    for (const home of previous.homes)
      if (/(?:^|\/)(?:\.\.?)?(?:\/|$)|\0/.test(home))
        throw new Finding('bad-read', `the folder '${home}' leads elsewhere`);
    return summary(previous);
  },
  seeds: () => {
    const edits = [{ path: 'etc/conf', digest: DIGEST, size: 3 }];
    const versions = [{ record: RECORD, replaced: 1, edits }];
    return [{ name: 'one', payload: json({ format: 1, homes: ['root', 'srv'], versions }) }];
  },
});

export const dueHooksTarget = parserTarget({
  name: 'due-hooks',
  isCanonical: false,
  parse: ({ payload }) => {
    const due = readDueHooks(folderWith(payload));
    return due === undefined ? undefined : summary(due);
  },
  seeds: () => [
    { name: 'due', payload: json({ event: EVENT, outcome: 'done', points: ['boot', 'post-update'] }) },
  ],
});

export const keepTarget = parserTarget({
  name: 'keep',
  isCanonical: false,
  parse: ({ payload }) => {
    const { versions, bytes } = keepLimit(folderWith(payload), () => {});
    if (!(versions >= 0) || !(bytes >= 0))
      throw new Finding('unstable', `${versions} versions, ${bytes} bytes`);
    return summary([versions, String(bytes)]);
  },
  seeds: () =>
    ['2', '2 500M\n', ' 10  1G \n'].map((text, index) => ({
      name: `keep-${index}`,
      payload: Buffer.from(text),
    })),
});
